package ai.materi.collab.content;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One sequence of blocks in its three versions, with their renderings, and which base block became which. The real children
 * are those of the live container, what the format does not see included; no container: the document.
 */
final class Level {
    final @Nullable Element container;
    final List<Element> real;
    final List<Element> base;
    final List<String> baseKeys;
    final List<Element> present;
    final List<String> presentKeys;
    final List<Element> target;
    final List<String> targetKeys;
    /** For each base block the present block that it is now, or −1. */
    final int[] theirs;
    /** For each base block the target block that it shall be, or −1. */
    final int[] ours;

    private final boolean[] ofBase;

    Level(
            @Nullable Element container,
            List<Element> real,
            List<Element> base,
            List<String> baseKeys,
            List<Element> present,
            List<String> presentKeys,
            List<Element> target,
            List<String> targetKeys,
            int[] theirs,
            int[] ours) {
        this.container = container;
        this.real = real;
        this.base = base;
        this.baseKeys = baseKeys;
        this.present = present;
        this.presentKeys = presentKeys;
        this.target = target;
        this.targetKeys = targetKeys;
        this.theirs = theirs;
        this.ours = ours;
        this.ofBase = new boolean[present.size()];
        for (int match : theirs) {
            if (match >= 0) {
                ofBase[match] = true;
            }
        }
    }

    /** Whether a present block was there in the base. */
    boolean isOfBase(int index) {
        return ofBase[index];
    }
}
