package ai.materi.ai.provider;

import ai.materi.ai.provider.Provider.Listener;

/** Lets exactly one end through, and nothing after it or after a cancellation. */
final class Once implements Listener {
    private final Listener listener;
    private boolean over;

    Once(Listener listener) {
        this.listener = listener;
    }

    boolean over() {
        return over;
    }

    void cancel() {
        over = true;
    }

    @Override
    public void delta(String text) {
        if (!over && !text.isEmpty()) {
            listener.delta(text);
        }
    }

    @Override
    public void citation(String block, String quote, int at) {
        if (!over) {
            listener.citation(block, quote, at);
        }
    }

    @Override
    public void done(int inputTokens, int outputTokens) {
        if (!over) {
            over = true;
            listener.done(inputTokens, outputTokens);
        }
    }

    @Override
    public void failed(Throwable cause) {
        if (!over) {
            over = true;
            listener.failed(cause);
        }
    }
}
