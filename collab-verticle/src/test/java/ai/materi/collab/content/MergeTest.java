package ai.materi.collab.content;

import static ai.materi.collab.content.LiveDocs.ids;
import static ai.materi.collab.content.LiveDocs.markdown;
import static ai.materi.collab.content.LiveDocs.merge;
import static ai.materi.collab.content.LiveDocs.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.materi.crdt.Doc;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MergeTest {
    private static final int MERGES = Integer.getInteger("materi.merges", 500);

    /** What becomes of a base when others make one change and the caller another. */
    private static String merged(String base, String others, String mine) {
        Doc doc = LiveDocs.markdown(base);
        put(doc, others);
        merge(doc, mine, base);
        return markdown(doc);
    }

    @Test
    void changesOfDifferentBlocksBothStand() {
        assertThat(merged("one\n\ntwo\n\nthree\n", "ONE\n\ntwo\n\nthree\n", "one\n\ntwo\n\nTHREE\n"))
                .isEqualTo("ONE\n\ntwo\n\nTHREE\n");
    }

    @Test
    void changesOfDifferentWordsInOneBlockBothStand() {
        assertThat(merged("the quick brown fox\n", "the slow brown fox\n", "the quick brown dog\n"))
                .isEqualTo("the slow brown dog\n");
    }

    @Test
    void theSameWordChangedInTwoWaysIsRefusedAndNothingIsWritten() {
        Doc doc = LiveDocs.markdown("first\n\nthe quick brown fox\n");
        put(doc, "first\n\nthe slow brown fox\n");
        byte[] before = doc.encodeState();
        assertThatThrownBy(() -> merge(doc, "First!\n\nthe fast brown fox\n", "first\n\nthe quick brown fox\n"))
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.code()).isEqualTo(ProblemCode.MERGE_CONFLICT);
                    assertThat(String.valueOf(problem.members().get("blocks")))
                            .contains(ids(doc).get(1))
                            .contains("the slow brown fox");
                });
        assertThat(doc.encodeState()).isEqualTo(before);
    }

    @Test
    void theSameChangeOnBothSidesIsMadeOnce() {
        assertThat(merged("a b\n", "a c\n\nnew\n", "a c\n\nnew\n")).isEqualTo("a c\n\nnew\n");
    }

    @Test
    void aBlockDeletedHereAndChangedThereIsRefused() {
        assertThatThrownBy(() -> merged("keep\n\nthe quick fox\n", "keep\n\nthe slow fox\n", "keep\n"))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> merged("keep\n\nthe quick fox\n", "keep\n", "keep\n\nthe slow fox\n"))
                .isInstanceOf(Problem.class);
    }

    @Test
    void aBlockDeletedOnBothSidesIsGone() {
        assertThat(merged("keep\n\ngone\n", "keep\n", "keep\n")).isEqualTo("keep\n");
    }

    @Test
    void newBlocksAtOnePlaceStandThoseOfOthersFirst() {
        assertThat(merged("a\n\nz\n", "a\n\ntheirs\n\nz\n", "a\n\nmine\n\nz\n"))
                .isEqualTo("a\n\ntheirs\n\nmine\n\nz\n");
        assertThat(merged("z\n", "theirs\n\nz\n", "mine\n\nz\n")).isEqualTo("theirs\n\nmine\n\nz\n");
    }

    @Test
    void newWordsAtOnePlaceStandThoseOfOthersFirst() {
        assertThat(merged("see here\n", "see right here\n", "see over here\n")).isEqualTo("see right over here\n");
    }

    @Test
    void boldHereAndNewWordsThereBothStand() {
        assertThat(merged("make this strong\n", "please make this strong now\n", "make **this** strong\n"))
                .isEqualTo("please make **this** strong now\n");
    }

    @Test
    void aNewLevelHereAndNewWordsThereBothStand() {
        assertThat(merged("## The title\n", "## The long title\n", "### The title\n"))
                .isEqualTo("### The long title\n");
        assertThat(merged("The title\n", "The long title\n", "# The title\n")).isEqualTo("# The long title\n");
    }

    @Test
    void aLevelChangedInTwoWaysIsRefused() {
        assertThatThrownBy(() -> merged("# T\n", "## T\n", "### T\n")).isInstanceOf(Problem.class);
    }

    @Test
    void itemsOfOneListMergeByThemselves() {
        assertThat(merged("- a\n- b\n- c\n", "- a\n- b\n- c\n- d\n", "- A a\n- b\n- c\n"))
                .isEqualTo("- A a\n- b\n- c\n- d\n");
    }

    @Test
    void aListThatBecomesOrderedKeepsWhatOthersWroteInIt() {
        assertThat(merged("- a one\n- b two\n", "- a one\n- b two three\n", "1. a one\n2. b two\n"))
                .isEqualTo("1. a one\n2. b two three\n");
    }

    @Test
    void cellsOfOneTableMergeByThemselves() {
        assertThat(merged(
                        "| a | b |\n| --- | --- |\n| c | d |\n",
                        "| a | b |\n| --- | --- |\n| c x | d |\n",
                        "| a | b |\n| --- | --- |\n| c | d y |\n"))
                .isEqualTo("| a | b |\n| --- | --- |\n| c x | d y |\n");
    }

    /** Paragraphs of numbered words: every change is to a word, so an oracle can say what must come out. */
    @Test
    void noChangeOfADistinctWordIsEverLostAndUntouchedBlocksStay() {
        for (long seed = 1; seed <= MERGES; seed++) {
            Random random = new Random(seed);
            int paragraphs = 1 + random.nextInt(8);
            List<List<String>> base = new ArrayList<>();
            List<List<String>> others = new ArrayList<>();
            List<List<String>> mine = new ArrayList<>();
            List<List<String>> wanted = new ArrayList<>();
            boolean[] touched = new boolean[paragraphs];
            for (int p = 0; p < paragraphs; p++) {
                base.add(new ArrayList<>());
                others.add(new ArrayList<>());
                mine.add(new ArrayList<>());
                wanted.add(new ArrayList<>());
                for (int w = 0; w < 8; w++) {
                    String word = "p" + p + "w" + w;
                    int change = random.nextInt(8);
                    base.get(p).add(word);
                    others.get(p).add(change == 0 ? "O" + word : word);
                    mine.get(p).add(change == 1 ? "M" + word : word);
                    wanted.get(p).add(change == 0 ? "O" + word : change == 1 ? "M" + word : word);
                    touched[p] |= change < 2;
                }
            }
            Doc doc = LiveDocs.markdown(text(base));
            List<String> before = ids(doc);
            put(doc, text(others));
            merge(doc, text(mine), text(base));
            assertThat(markdown(doc)).as("seed %d", seed).isEqualTo(text(wanted));
            assertThat(ids(doc)).as("seed %d", seed).isEqualTo(before);
        }
    }

    /** Lines come and go on both sides; what one side alone did must be there. */
    @Test
    void noInsertedOrDeletedBlockIsEverLost() {
        for (long seed = 1; seed <= MERGES; seed++) {
            Random random = new Random(seed);
            List<String> base = new ArrayList<>();
            List<String> others = new ArrayList<>();
            List<String> mine = new ArrayList<>();
            List<String> kept = new ArrayList<>();
            List<String> added = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(12); i++) {
                String line = word(random) + " base " + i;
                base.add(line);
                int change = random.nextInt(6);
                if (change != 0) {
                    others.add(line);
                }
                if (change != 1) {
                    mine.add(line);
                }
                if (change > 1) {
                    kept.add(line);
                }
                if (random.nextInt(4) == 0) {
                    others.add(word(random) + " theirs");
                    added.add(others.get(others.size() - 1));
                }
                if (random.nextInt(4) == 0) {
                    mine.add(word(random) + " mine");
                    added.add(mine.get(mine.size() - 1));
                }
            }
            String baseText = String.join("\n\n", base) + "\n";
            Doc doc = LiveDocs.markdown(baseText);
            put(doc, String.join("\n\n", others) + "\n");
            try {
                merge(doc, String.join("\n\n", mine) + "\n", baseText);
            } catch (Problem refused) {
                assertThat(refused.code()).as("seed %d", seed).isEqualTo(ProblemCode.MERGE_CONFLICT);
                continue;
            }
            assertThat(List.of(markdown(doc).strip().split("\n\n")))
                    .as("seed %d", seed)
                    .containsAll(kept)
                    .containsAll(added);
        }
    }

    @Test
    void aRandomMergeNeverBreaksAndAMergeWithoutOthersIsAReplacement() {
        for (long seed = 1; seed <= MERGES / 3; seed++) {
            List<Element> tree = new RandomTrees(seed, true).document();
            Doc doc = LiveDocs.of(tree);
            Rendering rendering = new Rendering(Format.MARKDOWN, false);
            String base = markdown(doc);
            String mine = rendering.document(new RandomTrees(seed + 500_000, false).document());
            Doc strict = LiveDocs.copy(doc, 77);
            put(strict, mine);
            merge(doc, mine, base);
            assertThat(markdown(doc)).as("seed %d", seed).isEqualTo(markdown(strict));
        }
    }

    private static String word(Random random) {
        return Long.toString(random.nextLong(1L << 40), 36);
    }

    private static String text(List<List<String>> paragraphs) {
        return String.join(
                        "\n\n",
                        paragraphs.stream().map(p -> String.join(" ", p)).toList()) + "\n";
    }
}
