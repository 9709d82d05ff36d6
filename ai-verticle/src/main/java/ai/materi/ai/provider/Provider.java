package ai.materi.ai.provider;

import java.util.List;
import java.util.Set;

/** A source of text. Everything is called on one event loop. */
public interface Provider {
    /** Unique in a node, e.g. {@code local} or {@code openai}; the first half of a model's id. */
    String name();

    /** The models of this provider, without the provider's name. */
    List<String> models();

    /** The actions that it can do: some of {@code summary}, {@code keywords}, {@code outline}. */
    Set<String> actions();

    /** Whether it takes a free prompt. */
    boolean takesPrompts();

    /** Whether it would be tried at present: its circuit breaker is not open. */
    boolean available();

    /**
     * Starts a generation. The listener gets any number of deltas and citations, then exactly one end.
     *
     * @return the running stream, to be cancelled
     */
    Running generate(Prompt prompt, Listener listener);

    /** A stream that can be cancelled; after {@link #cancel()} the listener hears nothing more. */
    interface Running {
        void cancel();
    }

    /** Hears what a provider says. */
    interface Listener {
        void delta(String text);

        /** The sentence that starts at {@code at} (UTF-16 units of the whole text) stands in this block. */
        void citation(String block, String quote, int at);

        /** Complete. */
        void done(int inputTokens, int outputTokens);

        /** Over without being complete; a {@code Problem} where its cause is known. */
        void failed(Throwable cause);
    }
}
