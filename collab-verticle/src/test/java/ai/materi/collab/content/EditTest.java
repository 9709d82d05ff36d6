package ai.materi.collab.content;

import static ai.materi.collab.content.LiveDocs.ids;
import static ai.materi.collab.content.LiveDocs.markdown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.materi.crdt.Doc;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.Append;
import ai.materi.proto.collab.v1.Block;
import ai.materi.proto.collab.v1.Delete;
import ai.materi.proto.collab.v1.Edit;
import ai.materi.proto.collab.v1.Insert;
import ai.materi.proto.collab.v1.Quote;
import ai.materi.proto.collab.v1.Range;
import ai.materi.proto.collab.v1.Replace;
import ai.materi.proto.collab.v1.Target;
import java.util.List;
import org.junit.jupiter.api.Test;

class EditTest {
    static Target block(String id) {
        return Target.newBuilder().setBlock(id).build();
    }

    static Target range(String id, int from, int to) {
        return Target.newBuilder()
                .setRange(Range.newBuilder().setBlock(id).setFrom(from).setTo(to))
                .build();
    }

    static Target quote(String prefix, String exact, String suffix) {
        return Target.newBuilder()
                .setQuote(Quote.newBuilder().setPrefix(prefix).setExact(exact).setSuffix(suffix))
                .build();
    }

    static Edit replace(Target target, String content) {
        return Edit.newBuilder()
                .setReplace(Replace.newBuilder().setTarget(target).setContent(content))
                .build();
    }

    static Edit insert(Target target, boolean after, String content) {
        return Edit.newBuilder()
                .setInsert(Insert.newBuilder().setTarget(target).setAfter(after).setContent(content))
                .build();
    }

    static Edit delete(Target target) {
        return Edit.newBuilder()
                .setDelete(Delete.newBuilder().setTarget(target))
                .build();
    }

    static Edit append(String content) {
        return Edit.newBuilder()
                .setAppend(Append.newBuilder().setContent(content))
                .build();
    }

    private static String edited(String markdown, Edit... edits) {
        Doc doc = LiveDocs.markdown(markdown);
        Contents.edit(doc, List.of(edits));
        return markdown(doc);
    }

    private static void refused(String markdown, ProblemCode code, Edit edit) {
        Doc doc = LiveDocs.markdown(markdown);
        assertThatThrownBy(() -> Contents.edit(doc, List.of(edit)))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo(code));
        assertThat(markdown(doc)).isEqualTo(markdown);
    }

    @Test
    void aQuoteIsReplacedAcrossMarksAndKeepsThemWhereTheyHold() {
        assertThat(edited("The **quick brown** fox.\n", replace(quote("", "quick", ""), "slow")))
                .isEqualTo("The **slow brown** fox.\n");
        assertThat(edited("The **quick** brown fox.\n", replace(quote("", "quick brown", ""), "red")))
                .isEqualTo("The red fox.\n");
        assertThat(edited("The quick fox.\n", replace(quote("", "quick", ""), "very **slow**")))
                .isEqualTo("The very **slow** fox.\n");
    }

    @Test
    void prefixAndSuffixTellQuotesApart() {
        assertThat(edited("one fish two fish\n", replace(quote("two ", "fish", ""), "birds")))
                .isEqualTo("one fish two birds\n");
        refused("one fish two fish\n", ProblemCode.QUOTE_AMBIGUOUS, replace(quote("", "fish", ""), "birds"));
        refused("one fish two fish\n", ProblemCode.QUOTE_NOT_FOUND, replace(quote("red ", "fish", ""), "birds"));
    }

    @Test
    void anAmbiguousQuoteSaysHowOftenItIsThere() {
        Doc doc = LiveDocs.markdown("a a\n\n- a\n");
        assertThatThrownBy(() -> Contents.edit(doc, List.of(delete(quote("", "a", "")))))
                .isInstanceOfSatisfying(
                        Problem.class, p -> assertThat(p.members()).containsEntry("count", 3));
    }

    @Test
    void aRangeCountsUnitsAndNeverCutsAPair() {
        Doc doc = LiveDocs.markdown("a😀b\n");
        String id = ids(doc).get(0);
        refused("a😀b\n", ProblemCode.POSITION_OUT_OF_RANGE, delete(range(id, 0, 2)));
        refused("a😀b\n", ProblemCode.POSITION_OUT_OF_RANGE, delete(range(id, 3, 5)));
        refused("a😀b\n", ProblemCode.POSITION_OUT_OF_RANGE, delete(range(id, 3, 2)));
        refused("a😀b\n", ProblemCode.POSITION_OUT_OF_RANGE, delete(range(id, 0, -1)));
        Contents.edit(doc, List.of(replace(range(id, 1, 3), "x"), insert(range(id, 0, 0), false, " lead ")));
        assertThat(Contents.blocks(doc).get(0).getText()).isEqualTo(" lead axb");
    }

    @Test
    void anUnknownBlockIsRefused() {
        for (String id : List.of("9:9", "x", "", "1:99999999999999999999", "-1:2", ":")) {
            refused("a\n", ProblemCode.BLOCK_UNKNOWN, replace(block(id), "b"));
        }
    }

    @Test
    void blocksAreInsertedReplacedDeletedAndAppended() {
        Doc doc = LiveDocs.markdown("# A\n\nb\n\n- c\n- d\n");
        List<String> ids = ids(doc);
        Contents.edit(
                doc,
                List.of(
                        insert(block(ids.get(0)), true, "new *one*\n\nnew two"),
                        replace(block(ids.get(1)), "b changed"),
                        insert(block(ids.get(2)), false, "in the item"),
                        append("1. the\n2. end")));
        assertThat(markdown(doc))
                .isEqualTo(
                        "# A\n\nnew *one*\n\nnew two\n\nb changed\n\n- in the item\n\n  c\n\n- d\n\n1. the\n2. end\n");
        assertThat(ids(doc)).containsAll(ids);
        Contents.edit(doc, List.of(delete(block(ids.get(3))), delete(quote("", "two", ""))));
        assertThat(markdown(doc)).contains("new&#32;").doesNotContain("- d");
    }

    @Test
    void anEditSeesTheOnesBeforeIt() {
        assertThat(edited("start\n", append("alpha"), replace(quote("", "alpha", ""), "beta"), append("gamma")))
                .isEqualTo("start\n\nbeta\n\ngamma\n");
    }

    @Test
    void codeTakesContentAsItStands() {
        assertThat(edited("```\nint a;\n```\n", replace(quote("", "a", ""), "*b* = 1;\n// c")))
                .isEqualTo("```\nint *b* = 1;\n// c;\n```\n");
    }

    @Test
    void deletingTheLastItemDeletesTheList() {
        Doc doc = LiveDocs.markdown("a\n\n- b\n");
        Contents.edit(doc, List.of(delete(block(ids(doc).get(1)))));
        assertThat(markdown(doc)).isEqualTo("a\n");
        assertThat(doc.xmlFragment("default").length()).isEqualTo(1);
    }

    @Test
    void blocksSayWhatTheyAre() {
        Doc doc = LiveDocs.markdown("## T\n\n> - a\\\n>   b\n\n```\nx\n```\n");
        assertThat(Contents.blocks(doc))
                .extracting(Block::getType, Block::getLevel, Block::getText, Block::getDepth)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("heading", 2, "T", 0),
                        org.assertj.core.groups.Tuple.tuple("paragraph", 0, "a\nb", 3),
                        org.assertj.core.groups.Tuple.tuple("codeBlock", 0, "x", 0));
    }

    @Test
    void aPlainTextIsOneBlockNamedLikeItsRoot() {
        Doc doc = new Doc(1);
        doc.text("codemirror").insert(0, "# one\ntwo\n");
        assertThat(markdown(doc)).isEqualTo("# one\ntwo\n");
        Contents.edit(
                doc, List.of(replace(quote("", "two", ""), "2"), append("three"), delete(range("codemirror", 0, 2))));
        assertThat(markdown(doc)).isEqualTo("one\n2\nthree");
        Contents.replace(doc, Format.TEXT, LiveDocs.bytes("one\n2\n3"), null);
        assertThat(doc.text("codemirror").toString()).isEqualTo("one\n2\n3");
        assertThat(Contents.blocks(doc).get(0).getId()).isEqualTo("codemirror");
    }

    @Test
    void anEditWithoutTargetOrOperationIsRefused() {
        refused("a\n", ProblemCode.INVALID_FIELD, Edit.getDefaultInstance());
        refused("a\n", ProblemCode.INVALID_FIELD, delete(Target.getDefaultInstance()));
        refused("a\n", ProblemCode.INVALID_FIELD, delete(quote("", "", "")));
    }
}
