package ai.materi.collab.content;

import ai.materi.collab.content.Compared.MarkChange;
import ai.materi.collab.content.Compared.Run;
import ai.materi.collab.content.Compared.Runs;
import ai.materi.collab.content.Compared.Step;
import ai.materi.crdt.Id;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text of one block in two states, word by word. A word that is new is by whoever wrote the first unit of it that was
 * not there before, one that is gone by whoever deleted the first unit of it.
 */
final class ComparedText {
    private final Side from;
    private final Side to;
    private final Tokens had;
    private final Tokens has;
    private final Runs runs = new Runs();

    /** One state of a block. */
    record Side(Moment moment, Inline inline, Units units) {
        /** The first unit of a stretch that another moment did not know; −1 when it knew all. */
        private int unknownTo(Moment other, int start, int end) {
            int i = start;
            while (i < end && other.knew(units.at(i))) {
                i++;
            }
            return i < end ? i : -1;
        }

        /** The first unit of a stretch that is deleted at another moment; −1 when none is. */
        private int deletedAt(Moment other, int start, int end) {
            int i = start;
            while (i < end && !other.deleted(units.at(i))) {
                i++;
            }
            return i < end ? i : -1;
        }

        private @Nullable Written writer(int unit) {
            Id id = units.at(unit);
            return moment.writers().wrote(id.client(), id.clock()).by();
        }

        private @Nullable Written deleter(int unit) {
            Id id = units.at(unit);
            return moment.writers().deleted(id.client(), id.clock()).by();
        }
    }

    private ComparedText(Side from, Side to) {
        this.from = from;
        this.to = to;
        this.had = new Tokens(from.inline(), Format.PROSEMIRROR, false);
        this.has = new Tokens(to.inline(), Format.PROSEMIRROR, false);
    }

    static List<Run> of(Side from, Side to) {
        return new ComparedText(from, to).compared();
    }

    private List<Run> compared() {
        int[] matches = Alignment.match(had.texts(), has.texts());
        int start = 0;
        int toStart = 0;
        for (int i = 0; i <= matches.length; i++) {
            int match = i == matches.length ? has.size() : matches[i];
            if (match < 0) {
                continue;
            }
            differ(start, i, toStart, match);
            if (i < matches.length) {
                equal(i, match);
            }
            start = i + 1;
            toStart = match + 1;
        }
        return runs.list();
    }

    /** Words that gave way to others; one that lost or got only a part is by whoever took or gave that. */
    private void differ(int from0, int from1, int to0, int to1) {
        int lost = from.deletedAt(to.moment(), had.start(from0), had.start(from1));
        int got = to.unknownTo(from.moment(), has.start(to0), has.start(to1));
        Written took = lost < 0 ? null : from.deleter(lost);
        Written gave = got < 0 ? null : to.writer(got);
        for (int token = from0; token < from1; token++) {
            int start = had.start(token);
            int end = had.start(token + 1);
            int unit = from.deletedAt(to.moment(), start, end);
            Written by = unit < 0 ? gave : from.deleter(unit);
            runs.add(new Run(Step.DELETED, from.inline().slice(start, end), by, MarkChange.NONE));
        }
        for (int token = to0; token < to1; token++) {
            int start = has.start(token);
            int end = has.start(token + 1);
            int unit = to.unknownTo(from.moment(), start, end);
            Written by = unit < 0 ? took : to.writer(unit);
            runs.add(new Run(Step.INSERTED, to.inline().slice(start, end), by, MarkChange.NONE));
        }
    }

    /** Words that stand in both, by stretches of one change of marks. */
    private void equal(int token, int toToken) {
        int at = had.start(token);
        int toAt = has.start(toToken);
        int end = had.start(token + 1);
        while (at < end) {
            int units = Math.min(
                    end - at, Math.min(from.inline().stretch(at), to.inline().stretch(toAt)));
            MarkChange marks =
                    MarkChange.between(from.inline().marksAt(at), to.inline().marksAt(toAt));
            runs.add(new Run(
                    marks.isNone() ? Step.EQUAL : Step.FORMATTED, to.inline().slice(toAt, toAt + units), null, marks));
            at += units;
            toAt += units;
        }
    }
}
