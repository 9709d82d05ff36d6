package ai.materi.ai.provider;

import java.util.List;

/**
 * What a provider is asked.
 *
 * @param model of the provider, without its name
 * @param action {@code summary}, {@code keywords}, {@code outline} or empty for a free prompt
 * @param text the free prompt, empty with an action
 * @param blocks of the document, in order; empty without a document
 */
public record Prompt(String model, String action, String text, List<SourceBlock> blocks) {
    public Prompt {
        blocks = List.copyOf(blocks);
    }

    /**
     * A block of the document.
     *
     * @param id {@code client:clock}
     * @param type the node's name, e.g. {@code heading}
     * @param level 1 to 6 for headings, else 0
     */
    public record SourceBlock(String id, String type, int level, String text) {}
}
