package ai.materi.gateway.http;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import java.util.HashMap;
import java.util.Map;

/**
 * A service names what it refuses by a field of its message ({@code field}). A client of the REST interface sent no such
 * message: for it the same name is a member of its body, or a parameter of its query where the endpoint takes no body.
 */
final class FieldPlace {
    private static final String FIELD = "field";

    private FieldPlace() {}

    static Problem shown(Problem problem, Endpoint endpoint) {
        if (!(problem.members().get(FIELD) instanceof String field)) {
            return problem;
        }
        if (endpoint.body() == BodyKind.NONE) {
            return Problem.of(ProblemCode.INVALID_REQUEST, problem.detail(), Map.of("parameter", field));
        }
        Map<String, Object> members = new HashMap<>(problem.members());
        members.remove(FIELD);
        members.put("pointer", Fields.pointer("#", field));
        return Problem.of(problem.code(), problem.detail(), members);
    }
}
