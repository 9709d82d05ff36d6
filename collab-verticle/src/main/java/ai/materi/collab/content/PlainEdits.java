package ai.materi.collab.content;

import ai.materi.crdt.YText;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.Block;
import ai.materi.proto.collab.v1.Edit;
import ai.materi.proto.collab.v1.Insert;
import ai.materi.proto.collab.v1.Target;
import java.util.List;

/** Addressed edits of a plain {@code Y.Text}: one block, named like its root. */
final class PlainEdits {
    /** What the one block of plain text is. */
    static final String TYPE = "text";

    /** A stretch of the text, in UTF-16 units. */
    private record Stretch(int from, int to) {}

    private final String name;
    private final YText live;

    PlainEdits(Roots.Plain plain) {
        this.name = plain.name();
        this.live = plain.text();
    }

    static Block block(Roots.Plain plain) {
        String text = PlainText.read(plain.text()).text();
        return Block.newBuilder()
                .setId(plain.name())
                .setType(TYPE)
                .setText(Bounds.wellFormed(text))
                .build();
    }

    void apply(Edit edit) {
        switch (edit.getOperationCase()) {
            case INSERT -> insert(edit.getInsert());
            case REPLACE ->
                exchange(
                        stretch(edit.getReplace().getTarget()),
                        text(edit.getReplace().getFormat(), edit.getReplace().getContent()));
            case DELETE -> exchange(stretch(edit.getDelete().getTarget()), "");
            case APPEND ->
                append(text(edit.getAppend().getFormat(), edit.getAppend().getContent()));
            case OPERATION_NOT_SET -> throw Problem.of(ProblemCode.INVALID_FIELD, "An edit needs an operation.");
        }
    }

    private void insert(Insert insert) {
        Stretch stretch = stretch(insert.getTarget());
        int at = insert.getAfter() ? stretch.to() : stretch.from();
        exchange(new Stretch(at, at), text(insert.getFormat(), insert.getContent()));
    }

    /** Begins a line of its own. */
    private void append(String text) {
        String now = PlainText.read(live).text();
        String before = now.isEmpty() || now.endsWith("\n") ? "" : "\n";
        exchange(new Stretch(now.length(), now.length()), before + text);
    }

    private static String text(ai.materi.proto.collab.v1.Format format, String content) {
        Format known = Format.of(format);
        if (known != Format.MARKDOWN && known != Format.TEXT) {
            throw Problem.of(
                    ProblemCode.UNSUPPORTED_FORMAT, "This document is plain text; it is written as Markdown or text.");
        }
        return Bounds.clean(Bounds.wellFormed(content));
    }

    private Stretch stretch(Target target) {
        String text = PlainText.read(live).text();
        return switch (target.getAddressCase()) {
            case BLOCK -> {
                check(target.getBlock());
                yield new Stretch(0, text.length());
            }
            case RANGE -> {
                check(target.getRange().getBlock());
                Targets.check(text, target.getRange());
                yield new Stretch(target.getRange().getFrom(), target.getRange().getTo());
            }
            case QUOTE -> {
                Targets.Hit hit = Targets.only(List.of(text), target.getQuote());
                yield new Stretch(hit.from(), hit.to());
            }
            case ADDRESS_NOT_SET -> throw Problem.of(ProblemCode.INVALID_FIELD, "An edit needs a target.");
        };
    }

    private void check(String block) {
        if (!block.equals(name)) {
            throw Problem.of(
                    ProblemCode.BLOCK_UNKNOWN, "This document is plain text; its one block is \"" + name + "\".");
        }
    }

    private void exchange(Stretch stretch, String text) {
        live.delete(stretch.from(), stretch.to() - stretch.from());
        live.insert(stretch.from(), text);
    }
}
