package ai.materi.collab.content;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.AttributedBlock;
import ai.materi.proto.collab.v1.AttributedRange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who wrote which units of a document's text, block by block; neighbours of one origin are one range. */
final class AttributedText {
    private final Writers writers;
    private final int most;
    private final List<AttributedBlock> blocks = new ArrayList<>();
    private int ranges;

    private AttributedText(Writers writers, int most) {
        this.writers = writers;
        this.most = most;
    }

    static List<AttributedBlock> of(Roots root, Writers writers, int most) {
        AttributedText text = new AttributedText(writers, most);
        if (root instanceof Roots.Plain plain) {
            text.add(plain.name(), PlainEdits.TYPE, Units.of(plain.text()));
        } else {
            for (Element block :
                    TextFormat.blocks(RichText.of((Roots.Rich) root).tree())) {
                Source source = block.source();
                if (source != null && !block.content().isEmpty()) {
                    text.add(source.id(), block.name(), Units.of(source.element()));
                }
            }
        }
        return text.blocks;
    }

    private void add(String id, String type, Units units) {
        Stretches stretches = new Stretches();
        units.runs().forEach(stretches::add);
        stretches.end();
        blocks.add(AttributedBlock.newBuilder()
                .setId(id)
                .setType(type)
                .addAllRanges(stretches.found)
                .build());
    }

    /** The ranges of one block. */
    private final class Stretches {
        private final List<AttributedRange> found = new ArrayList<>();
        private int from;
        private int to;
        private @Nullable Written by;

        void add(Units.Run run) {
            long end = run.clock() + run.length();
            for (long clock = run.clock(); clock < end; ) {
                Writers.Known known = writers.wrote(run.client(), clock);
                long until = Math.min(end, known.until());
                go(known.by(), (int) (until - clock));
                clock = until;
            }
        }

        private void go(@Nullable Written next, int units) {
            if (to > from && !Written.sameOrigin(by, next)) {
                end();
            }
            by = to > from ? Written.later(by, next) : next;
            to += units;
        }

        void end() {
            if (++ranges > most) {
                throw Problem.of(
                        ProblemCode.TOO_LARGE,
                        "The text was written in turns so small that they are over " + most + ".");
            }
            AttributedRange.Builder range =
                    AttributedRange.newBuilder().setFrom(from).setTo(to);
            if (by != null) {
                range.setBy(by.message());
            }
            found.add(range.build());
            from = to;
        }
    }
}
