package ai.materi.platform.grpc;

import ai.materi.proto.ai.v1.AiService;
import ai.materi.proto.ai.v1.AiServiceGrpcClient;
import ai.materi.proto.auth.v1.AuthService;
import ai.materi.proto.auth.v1.AuthServiceGrpcClient;
import ai.materi.proto.collab.v1.CollabService;
import ai.materi.proto.collab.v1.CollabServiceGrpcClient;
import ai.materi.proto.document.v1.DocumentService;
import ai.materi.proto.document.v1.DocumentServiceGrpcClient;
import io.vertx.core.streams.ReadStream;
import io.vertx.grpc.common.ServiceMethod;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A generated interface with what its generated client knows of the wire.
 *
 * @param name as in {@code grpc.peers.<name>}
 * @param methods the client's descriptors, by the name of the Java method
 */
record Contract<S>(String name, Class<S> type, Map<String, ServiceMethod<?, ?>> methods) {
    static final Contract<AuthService> AUTH = of("auth", AuthService.class, AuthServiceGrpcClient.class);
    static final Contract<CollabService> COLLAB = of("collab", CollabService.class, CollabServiceGrpcClient.class);
    static final Contract<AiService> AI = of("ai", AiService.class, AiServiceGrpcClient.class);
    static final Contract<DocumentService> DOCUMENTS =
            of("documents", DocumentService.class, DocumentServiceGrpcClient.class);

    static final List<Contract<?>> ALL = List.of(AUTH, COLLAB, AI, DOCUMENTS);

    private static <S> Contract<S> of(String name, Class<S> type, Class<? extends S> client) {
        Map<String, ServiceMethod<?, ?>> methods = Arrays.stream(client.getFields())
                .filter(field -> field.getType() == ServiceMethod.class)
                .map(Contract::constant)
                .collect(Collectors.toUnmodifiableMap(
                        method -> javaName(method.methodName()), Function.<ServiceMethod<?, ?>>identity()));
        return new Contract<>(name, type, methods);
    }

    private static ServiceMethod<?, ?> constant(Field field) {
        try {
            return (ServiceMethod<?, ?>) field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code StartGeneration} is {@code startGeneration} in Java. */
    static String javaName(String rpc) {
        return rpc.substring(0, 1).toLowerCase(Locale.ROOT) + rpc.substring(1);
    }

    /** Whether a method of a generated interface takes a stream of messages, and not just one. */
    static boolean takesStream(Method method) {
        return method.getParameterTypes()[0] == ReadStream.class;
    }

    /** Whether a method of a generated interface answers with a stream. */
    static boolean streams(Method method) {
        return method.getGenericReturnType() instanceof ParameterizedType future
                && future.getActualTypeArguments()[0] instanceof ParameterizedType result
                && result.getRawType() == ReadStream.class;
    }
}
