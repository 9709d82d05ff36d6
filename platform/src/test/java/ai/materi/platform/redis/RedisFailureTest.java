package ai.materi.platform.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.redis.client.impl.types.ErrorType;
import org.junit.jupiter.api.Test;

/** Holds which errors of Redis mean that it cannot serve now, alone and in a batch, and which answer the command itself. */
class RedisFailureTest {
    @Test
    void takesWhoCannotWriteNowForAway() {
        assertThat(RedisFailure.isAway(ErrorType.create("MISCONF Errors writing to the AOF file")))
                .isTrue();
    }

    @Test
    void readsTheErrorOfOneRequestOfABatchBehindItsPlace() {
        assertThat(RedisFailure.isAway(ErrorType.create("ERR [12] MISCONF Errors writing to the AOF file")))
                .isTrue();
        assertThat(RedisFailure.isAway(
                        ErrorType.create("ERR [0] OOM command not allowed when used memory > 'maxmemory'")))
                .isTrue();
    }

    @Test
    void leavesAnErrorThatAnswersTheCommand() {
        assertThat(RedisFailure.isAway(ErrorType.create("ERR [0] wrong number of arguments for 'set' command")))
                .isFalse();
        assertThat(RedisFailure.isAway(
                        ErrorType.create("WRONGTYPE Operation against a key holding the wrong kind of value")))
                .isFalse();
    }
}
