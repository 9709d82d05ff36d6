package ai.materi.platform.grpc;

import io.vertx.core.Future;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** Calls an implementation on this node as a remote one would be called: what it throws arrives in the future. */
final class LocalCalls implements InvocationHandler {
    private final Object local;

    private LocalCalls(Object local) {
        this.local = local;
    }

    static <S> S of(Class<S> contract, S local) {
        return contract.cast(
                Proxy.newProxyInstance(contract.getClassLoader(), new Class<?>[] {contract}, new LocalCalls(local)));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(local, arguments);
        } catch (InvocationTargetException e) {
            Throwable thrown = e.getCause() == null ? e : e.getCause();
            if (method.getReturnType() == Future.class && thrown instanceof Exception) {
                return Future.failedFuture(thrown);
            }
            throw thrown;
        }
    }
}
