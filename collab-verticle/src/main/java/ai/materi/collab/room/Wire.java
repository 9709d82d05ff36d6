package ai.materi.collab.room;

import java.util.Locale;

/** Over what a peer speaks with its room. */
public enum Wire {
    HOCUSPOCUS,
    Y_WEBSOCKET,
    GRPC;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
