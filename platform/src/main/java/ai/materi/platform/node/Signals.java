package ai.materi.platform.node;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT. The JVM's own handling takes the first as the order to run its shutdown hooks and passes over all
 * others; whoever signals twice means now. {@code sun.misc.Signal} is reached by reflection, since the compiler hides it;
 * where there is none, the JVM's handling stays.
 */
final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
    private static final int ENDED_BY_SIGNAL = 143;

    private Signals() {}

    static void exitOnFirstHaltOnSecond() {
        AtomicInteger received = new AtomicInteger();
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler react = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    receive(received.incrementAndGet());
                }
                return null;
            };
            Object reaction = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, react);
            for (String name : new String[] {"TERM", "INT"}) {
                Object which = signal.getConstructor(String.class).newInstance(name);
                signal.getMethod("handle", signal, handler).invoke(null, which, reaction);
            }
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            LOG.debug("Signals stay with the JVM: {}", e.toString());
        }
    }

    private static void receive(int count) {
        if (count == 1) {
            new Thread(() -> System.exit(0), "materi-exit").start();
        } else {
            Runtime.getRuntime().halt(ENDED_BY_SIGNAL);
        }
    }
}
