package ai.materi.collab.document;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.NameBasedGenerator;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which document is meant: one that Shield knows, {@code {document_id}}, or a sub-document of Yjs in it,
 * {@code {document_id}/{guid}}. Whatever a sub-document stands in, its guid stands under the document that Shield knows: the
 * root, which says who may open it.
 *
 * @param id under which the log has it; a sub-document's is made from its root and guid (UUIDv5, RFC 9562, 5.5)
 * @param root the document that Shield knows; the id itself for such a one
 * @param guid as the editor chose it; null for no sub-document
 */
public record DocumentName(UUID id, UUID root, @Nullable String guid) {
    /** Never changes: the logs of all sub-documents are found by it. */
    private static final NameBasedGenerator SUB_DOCUMENTS =
            Generators.nameBasedGenerator(UUID.fromString("0b8f3a52-6f0c-5d0e-9a57-2c1d6f3c7e41"));

    /** A guid of dots alone would be a path that clients shorten. */
    private static final Pattern NAME = Pattern.compile("([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-"
            + "[0-9a-fA-F]{12})(?:/((?!\\.+$)[A-Za-z0-9_.:-]{1,128}))?");

    public static DocumentName of(UUID documentId) {
        return new DocumentName(documentId, documentId, null);
    }

    /** Null when it names no document. */
    public static @Nullable DocumentName parse(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return null;
        }
        UUID root = UUID.fromString(matcher.group(1));
        String guid = matcher.group(2);
        return guid == null ? of(root) : new DocumentName(SUB_DOCUMENTS.generate(root + "/" + guid), root, guid);
    }

    public boolean isSubDocument() {
        return guid != null;
    }

    /** As it is written on the wires. */
    @Override
    public String toString() {
        return guid == null ? root.toString() : root + "/" + guid;
    }
}
