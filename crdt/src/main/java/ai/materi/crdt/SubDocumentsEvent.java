package ai.materi.crdt;

import java.util.Set;

/**
 * What a transaction did to the sub-documents of a document. One that came and went within it is in {@code loaded} at most.
 *
 * @param loaded those whose content is wanted from now on
 * @param added those that came; {@link Doc#subDocuments} has them already
 * @param removed those that went, or were destroyed and gave way to another instance, which is then in {@code added}. They
 *     are destroyed when all listeners were told, which tells of their removal again, as in yjs
 */
public record SubDocumentsEvent(
        Set<SubDocument> loaded, Set<SubDocument> added, Set<SubDocument> removed, Transaction transaction) {}
