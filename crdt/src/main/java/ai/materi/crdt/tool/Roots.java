package ai.materi.crdt.tool;

import ai.materi.crdt.Doc;
import ai.materi.crdt.Json;

/** Prints a root as yjs would. */
final class Roots {
    private Roots() {}

    /** As {@code toString()} for text and XML, as {@code JSON.stringify(root.toJSON())} for arrays and maps. */
    static String print(Doc doc, String kind, String name) {
        if (!doc.rootNames().contains(name)) {
            throw new BadDataException("there is no root '" + name + "'; there are " + doc.rootNames());
        }
        return switch (kind) {
            case "--text" -> doc.text(name).toString();
            case "--array" -> Json.stringify(doc.array(name).toJson());
            case "--map" -> Json.stringify(doc.map(name).toJson());
            default -> doc.xmlFragment(name).toString();
        };
    }
}
