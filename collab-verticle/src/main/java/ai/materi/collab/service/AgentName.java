package ai.materi.collab.service;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * What an agent is called in its presence, and the id under which its edits are attributed: the same for the same name on
 * behalf of the same user, and never a user's.
 */
record AgentName(String name, UUID id) {
    private static final int MAX_LENGTH = 80;
    private static final String DEFAULT = "Agent";

    static AgentName of(String asked, UUID caller) {
        String name = asked.isBlank() ? DEFAULT : asked.strip();
        if (name.length() > MAX_LENGTH || name.codePoints().anyMatch(Character::isISOControl)) {
            throw Problem.of(
                    ProblemCode.INVALID_FIELD,
                    "An agent's name has at most " + MAX_LENGTH + " characters, on one line.");
        }
        String seed = "agent of " + caller + ": " + name;
        return new AgentName(name, UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8)));
    }
}
