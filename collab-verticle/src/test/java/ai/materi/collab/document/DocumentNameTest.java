package ai.materi.collab.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentNameTest {
    private static final String ID = "0198c1a2-3b4c-7d5e-8f60-718293a4b5c6";
    private static final UUID ROOT = UUID.fromString(ID);

    @Test
    void aDocumentIsItsOwnRoot() {
        assertThat(DocumentName.parse(ID.toUpperCase(java.util.Locale.ROOT))).isEqualTo(DocumentName.of(ROOT));
        assertThat(DocumentName.of(ROOT)).hasToString(ID).returns(false, DocumentName::isSubDocument);
    }

    /** Were it to change, every sub-document that is stored would be lost. */
    @Test
    void theIdOfASubDocumentNeverChanges() {
        DocumentName name = parsed(ID + "/chapter-1");

        assertThat(name.id()).isEqualTo(UUID.fromString("268cf443-db81-5d81-a3a1-7bb2efc17ffc"));
        assertThat(name.id().version()).isEqualTo(5);
        assertThat(name.root()).isEqualTo(ROOT);
        assertThat(name.guid()).isEqualTo("chapter-1");
        assertThat(name).hasToString(ID + "/chapter-1");
    }

    @Test
    void anotherRootOrGuidIsAnotherDocument() {
        assertThat(parsed(ID + "/a").id())
                .isNotEqualTo(parsed(ID + "/A").id())
                .isNotEqualTo(parsed(UUID.randomUUID() + "/a").id());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "-",
                "V1StGXR8_Z5jdHi6B-myT",
                "urn:a:b",
                "v1.2",
                "...a",
                "6c84fb90-12c4-11e1-840d-7b25c5ee775a"
            })
    void takesTheGuidsThatEditorsChoose(String guid) {
        assertThat(parsed(ID + "/" + guid).guid()).isEqualTo(guid);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                ID + "/",
                "/" + ID,
                ID + "//a",
                ID + "/a/b",
                ID + "/a/",
                ID + "/.",
                ID + "/..",
                ID + "/....",
                ID + "/a b",
                ID + "/a%2Fb",
                ID + "/ä",
                ID + "/a\n",
                ID + "\n",
                ID + "/a\0",
                ID + "\0x",
                ID + "/a?b",
                ID + "/a\\b",
                ID + "-",
                "x/" + ID,
                "1-1-1-1-1",
                "1-1-1-1-1/a"
            })
    void namesNothingElse(String name) {
        assertThat(DocumentName.parse(name)).isNull();
    }

    @Test
    void aGuidHasABound() {
        assertThat(DocumentName.parse(ID + "/" + "g".repeat(128))).isNotNull();
        assertThat(DocumentName.parse(ID + "/" + "g".repeat(129))).isNull();
        assertThat(DocumentName.parse(ID + "/" + ".".repeat(1_000_000))).isNull();
    }

    private static DocumentName parsed(String name) {
        return Objects.requireNonNull(DocumentName.parse(name));
    }
}
