package ai.materi.gateway.document;

import ai.materi.gateway.http.Fields;
import ai.materi.proto.collab.v1.Append;
import ai.materi.proto.collab.v1.Delete;
import ai.materi.proto.collab.v1.Edit;
import ai.materi.proto.collab.v1.Insert;
import ai.materi.proto.collab.v1.Quote;
import ai.materi.proto.collab.v1.Range;
import ai.materi.proto.collab.v1.Replace;
import ai.materi.proto.collab.v1.Target;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code {"edits": [{"insert": …} | {"replace": …} | {"delete": …} | {"append": …}]}} as edits for Relay. */
final class EditBody {
    private static final int MAX_EDITS = 1000;
    private static final int MAX_TEXT = 1 << 20;
    private static final int MAX_QUOTE = 10_000;
    private static final int MAX_BLOCK = 40;

    private EditBody() {}

    static List<Edit> read(Fields body) {
        List<Edit> edits =
                body.objects("edits", 1, MAX_EDITS).stream().map(EditBody::edit).toList();
        body.end();
        return edits;
    }

    private static Edit edit(Fields fields) {
        Optional<Fields> insert = fields.optionalObject("insert");
        Optional<Fields> replace = fields.optionalObject("replace");
        Optional<Fields> delete = fields.optionalObject("delete");
        Optional<Fields> append = fields.optionalObject("append");
        fields.end();
        if (Stream.of(insert, replace, delete, append)
                        .filter(Optional::isPresent)
                        .count()
                != 1) {
            throw fields.invalidObject("An edit is exactly one of insert, replace, delete, append.");
        }
        Edit.Builder edit = Edit.newBuilder();
        insert.map(EditBody::insert).ifPresent(edit::setInsert);
        replace.map(EditBody::replace).ifPresent(edit::setReplace);
        delete.map(EditBody::delete).ifPresent(edit::setDelete);
        append.map(EditBody::append).ifPresent(edit::setAppend);
        return edit.build();
    }

    private static Insert insert(Fields fields) {
        Insert insert = Insert.newBuilder()
                .setTarget(target(fields.object("target")))
                .setAfter(fields.flag("after", true))
                .setContent(fields.text("content", 1, MAX_TEXT))
                .setFormat(DocumentBody.format(fields).proto())
                .build();
        fields.end();
        return insert;
    }

    private static Replace replace(Fields fields) {
        Replace replace = Replace.newBuilder()
                .setTarget(target(fields.object("target")))
                .setContent(fields.text("content", 0, MAX_TEXT))
                .setFormat(DocumentBody.format(fields).proto())
                .build();
        fields.end();
        return replace;
    }

    private static Delete delete(Fields fields) {
        Delete delete =
                Delete.newBuilder().setTarget(target(fields.object("target"))).build();
        fields.end();
        return delete;
    }

    private static Append append(Fields fields) {
        Append append = Append.newBuilder()
                .setContent(fields.text("content", 1, MAX_TEXT))
                .setFormat(DocumentBody.format(fields).proto())
                .build();
        fields.end();
        return append;
    }

    private static Target target(Fields fields) {
        Optional<String> block = fields.optionalText("block", 1, MAX_BLOCK);
        Optional<Fields> range = fields.optionalObject("range");
        Optional<Fields> quote = fields.optionalObject("quote");
        fields.end();
        if (Stream.of(block, range, quote).filter(Optional::isPresent).count() != 1) {
            throw fields.invalidObject("A target is exactly one of block, range, quote.");
        }
        Target.Builder target = Target.newBuilder();
        block.ifPresent(target::setBlock);
        range.map(EditBody::range).ifPresent(target::setRange);
        quote.map(EditBody::quote).ifPresent(target::setQuote);
        return target.build();
    }

    private static Range range(Fields fields) {
        String block = fields.text("block", 1, MAX_BLOCK);
        int from = fields.integer("from", 0, Integer.MAX_VALUE);
        int to = fields.has("to") ? fields.integer("to", 0, Integer.MAX_VALUE) : from;
        fields.end();
        if (to < from) {
            throw fields.invalidMember("to", "'to' is not before 'from'.");
        }
        return Range.newBuilder().setBlock(block).setFrom(from).setTo(to).build();
    }

    private static Quote quote(Fields fields) {
        Quote quote = Quote.newBuilder()
                .setExact(fields.text("exact", 1, MAX_QUOTE))
                .setPrefix(fields.optionalText("prefix", 0, MAX_QUOTE).orElse(""))
                .setSuffix(fields.optionalText("suffix", 0, MAX_QUOTE).orElse(""))
                .build();
        fields.end();
        return quote;
    }
}
