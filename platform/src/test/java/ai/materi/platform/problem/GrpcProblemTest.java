package ai.materi.platform.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.grpc.common.GrpcStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GrpcProblemTest {
    @Test
    void bringsEveryCodeAcrossTheWire() {
        for (ProblemCode code : ProblemCode.values()) {
            GrpcProblem sent = GrpcProblem.of(Problem.of(code, "Because: so it is."));
            Problem received = new GrpcProblem(sent.status(), sent.message(), sent.members()).toProblem();
            assertThat(received.code()).isEqualTo(code);
            assertThat(received.detail()).isEqualTo("Because: so it is.");
        }
    }

    @Test
    void bringsMembersAlong() {
        Problem problem = Problem.of(
                ProblemCode.MERGE_CONFLICT, "Größe.", Map.of("blocks", List.of("1:2", "ü"), "retry_after", 3));
        assertThat(GrpcProblem.of(problem).toProblem().members()).isEqualTo(problem.members());
    }

    @Test
    void leavesMembersOutThatAreTooMany() {
        Problem problem = Problem.of(ProblemCode.CONFLICT, "Much.", Map.of("blocks", "x".repeat(5000)));
        assertThat(GrpcProblem.of(problem).members()).isNull();
    }

    @Test
    void doesNotBelieveACodeThatContradictsItsStatus() {
        Problem problem = new GrpcProblem(GrpcStatus.NOT_FOUND, "forbidden: hello", null).toProblem();
        assertThat(problem.code()).isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(problem.detail()).doesNotContain("hello");
    }

    @Test
    void readsStatusesThatNoMateriNodeWrote() {
        assertThat(new GrpcProblem(GrpcStatus.UNAVAILABLE, "io exception", "%%%")
                        .toProblem()
                        .code())
                .isEqualTo(ProblemCode.UNAVAILABLE);
        assertThat(new GrpcProblem(GrpcStatus.UNKNOWN, "", null).toProblem().code())
                .isEqualTo(ProblemCode.INTERNAL);
    }

    @Test
    void survivesGarbledMembers() {
        GrpcProblem garbled = new GrpcProblem(GrpcStatus.NOT_FOUND, "not_found: No.", "AAAA");
        assertThat(garbled.toProblem().members()).isEmpty();
    }
}
