package ai.materi.collab.content;

import ai.materi.collab.content.Compared.Run;
import ai.materi.crdt.Doc;
import ai.materi.proto.collab.v1.BlockChange;
import ai.materi.proto.collab.v1.ComparedBlock;
import ai.materi.proto.collab.v1.ComparedRun;
import ai.materi.proto.collab.v1.RunChange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What differs between two states of one document, block by block and word by word, and by whom. Takes time: not for an
 * event loop.
 */
public final class Comparison {
    private final Moment from;
    private final Moment to;
    private final List<Compared> blocks;

    private Comparison(Moment from, Moment to, int most) {
        this.from = from;
        this.to = to;
        this.blocks = Comparing.of(from, to, most);
    }

    /**
     * Compares two states.
     *
     * @param writers who is known to have written and deleted what
     * @param most blocks and runs of text together
     * @throws ai.materi.platform.problem.Problem too_large when there are more
     */
    public static Comparison of(Doc from, Doc to, Writers writers, int most) {
        return new Comparison(Moment.of(from, writers), Moment.of(to, writers), most);
    }

    /** Everybody who is known to have changed something between the two. */
    public Set<UUID> everybody() {
        Set<UUID> everybody = new HashSet<>();
        blocks.forEach(block -> block.eachWriter(by -> {
            everybody.add(by.author());
            if (by.via() != null) {
                everybody.add(by.via());
            }
        }));
        return everybody;
    }

    /**
     * As HTML that a page can show as it stands.
     *
     * @param names of those who are known by one
     */
    public String html(Map<UUID, String> names) {
        return Bounds.wellFormed(ComparedHtml.document(blocks, names));
    }

    /** Text blocks, and what else has no blocks in it, in the order in which they are shown. */
    public List<ComparedBlock> blocks() {
        List<ComparedBlock> messages = new ArrayList<>();
        blocks.forEach(block -> block.walk(0, (compared, depth) -> {
            if (compared.children().isEmpty() || compared.change() == Compared.Change.CHANGED) {
                messages.add(message(compared, depth));
            }
        }));
        return messages;
    }

    private ComparedBlock message(Compared compared, int depth) {
        boolean gone = compared.change() == Compared.Change.DELETED;
        Element was = compared.was();
        ComparedBlock.Builder block = ComparedBlock.newBuilder()
                .setChange(BlockChange.valueOf("BLOCK_CHANGE_" + compared.change()))
                .setId(gone ? "" : to.id(compared.element()))
                .setType((gone ? from : to).type(compared.element()))
                .setWasId(was == null ? "" : from.id(was))
                .setWasType(was == null ? "" : from.type(was))
                .setDepth(depth)
                .addAllAttributes(wellFormed(compared.attributes()));
        if (compared.by() != null) {
            block.setBy(compared.by().message());
        }
        compared.runs().forEach(run -> block.addRuns(message(run)));
        return block.build();
    }

    private static ComparedRun message(Run run) {
        ComparedRun.Builder message = ComparedRun.newBuilder()
                .setChange(RunChange.valueOf("RUN_CHANGE_" + run.step()))
                .setText(Bounds.wellFormed(run.inline().text()))
                .addAllAdded(wellFormed(run.marks().added()))
                .addAllRemoved(wellFormed(run.marks().removed()))
                .addAllChanged(wellFormed(run.marks().changed()));
        if (run.by() != null) {
            message.setBy(run.by().message());
        }
        return message.build();
    }

    private static List<String> wellFormed(List<String> names) {
        return names.stream().map(Bounds::wellFormed).toList();
    }
}
