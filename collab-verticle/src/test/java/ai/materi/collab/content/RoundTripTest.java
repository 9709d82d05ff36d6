package ai.materi.collab.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RoundTripTest {
    private static final int DOCUMENTS = Integer.getInteger("materi.roundtrips", 1_500);

    @ParameterizedTest
    @EnumSource(names = {"MARKDOWN", "HTML", "PROSEMIRROR"})
    void whatIsReadBackRendersTheSame(Format format) {
        for (long seed = 1; seed <= DOCUMENTS; seed++) {
            Rendering rendering = new Rendering(format, false);
            List<Element> tree = new RandomTrees(seed, true).document();
            String written = rendering.document(tree);
            List<Element> read = rendering.parse(written);
            assertThat(rendering.document(read)).as("seed %d", seed).isEqualTo(written);
            assertThat(rendering.blocks(read).stream().map(rendering::part).toList())
                    .as("blocks, seed %d of %s", seed, written)
                    .isEqualTo(
                            rendering.blocks(tree).stream().map(rendering::part).toList());
            assertThat(rendering.blocks(read).stream()
                            .map(Element::plainText)
                            .map(RoundTripTest::squeezed)
                            .toList())
                    .as("text, seed %d of %s", seed, written)
                    .isEqualTo(rendering.blocks(tree).stream()
                            .map(Element::plainText)
                            .map(RoundTripTest::squeezed)
                            .toList());
        }
    }

    private static String squeezed(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    @Test
    void markdownKeepsEveryMarkAndAttributeThatItKnows() {
        for (long seed = 1; seed <= DOCUMENTS; seed++) {
            Rendering rendering = new Rendering(Format.MARKDOWN, false);
            List<Element> tree = new RandomTrees(seed, false).document();
            List<Element> once = rendering.parse(rendering.document(tree));
            List<Element> twice = rendering.parse(rendering.document(once));
            assertThat(ProseMirrorRenderer.document(twice))
                    .as("seed %d", seed)
                    .isEqualTo(ProseMirrorRenderer.document(once));
        }
    }
}
