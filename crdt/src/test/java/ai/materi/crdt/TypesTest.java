package ai.materi.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TypesTest {
    private final Doc doc = new Doc(1);

    @Test
    void insertsTextInTheFormattingThatIsInForce() {
        YText text = doc.text("t");
        text.insert(0, "bold", Map.of("b", true));
        text.insert(2, "XX");
        text.insert(6, " plain", Map.of());

        assertThat(text.toDelta())
                .containsExactly(new Delta.Insert("boXXld", Map.of("b", true)), new Delta.Insert(" plain"));
        assertThat(text).hasToString("boXXld plain");
    }

    @Test
    void formatsAndUnformatsARange() {
        YText text = doc.text("t");
        text.insert(0, "abcdef");
        text.format(1, 4, Map.of("b", true));
        Map<String, Object> off = new LinkedHashMap<>();
        off.put("b", null);
        text.format(2, 2, off);

        assertThat(text.toDelta())
                .containsExactly(
                        new Delta.Insert("a"),
                        new Delta.Insert("b", Map.of("b", true)),
                        new Delta.Insert("cd"),
                        new Delta.Insert("e", Map.of("b", true)),
                        new Delta.Insert("f"));
        text.format(0, 6, off);
        assertThat(text.toDelta()).extracting(Delta.Insert::attributes).containsOnly(Map.of());
    }

    @Test
    void walksTheIdsOfTheUnitsThatAreShown() {
        YText text = doc.text("t");
        text.insert(0, "abcdef");
        text.insertEmbed(6, Map.of("image", "x"));
        text.delete(1, 2);
        text.format(0, 1, Map.of("b", true));
        Doc other = Doc.of(doc.encodeState(), 2);
        other.text("t").insert(2, "zz");

        List<String> runs = new java.util.ArrayList<>();
        other.text("t").forEachRun((client, clock, length) -> runs.add(client + ":" + clock + "+" + length));

        assertThat(runs).containsExactly("1:0+1", "1:3+1", "2:0+2", "1:4+2", "1:6+1");
    }

    @Test
    void appliesADelta() {
        YText text = doc.text("t");
        text.applyDelta(List.of(new Delta.Insert("one two"), new Delta.Insert(Map.of("image", "x"), Map.of("w", 1))));
        text.applyDelta(List.of(new Delta.Retain(3, Map.of("i", true)), new Delta.Delete(4), new Delta.Insert("!")));

        assertThat(text.toDelta())
                .containsExactly(
                        new Delta.Insert("one", Map.of("i", true)),
                        new Delta.Insert("!"),
                        new Delta.Insert(Map.of("image", "x"), Map.of("w", 1)));
        assertThat(text.length()).isEqualTo(5);
    }

    @Test
    void nestsTypesInText() {
        YText text = doc.text("t");
        YMap embedded = YMap.of(Map.of("k", 1));
        text.insertEmbed(0, embedded, Map.of("b", true));

        assertThat(text.toDelta()).containsExactly(new Delta.Insert(embedded, Map.of("b", true)));
        assertThat(embedded.get("k")).isEqualTo(1);
        assertThatThrownBy(() -> text.insertEmbed(0, embedded)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void splitsASurrogatePairIntoReplacementCharacters() {
        YText text = doc.text("t");
        text.insert(0, "a🙂b");
        text.insert(2, "-");

        assertThat(text).hasToString("a\uFFFD-\uFFFDb");
        assertThat(Doc.of(doc.encodeState()).text("t")).hasToString("a\uFFFD-\uFFFDb");
    }

    @Test
    void joinsHalvesOfAPairThatAreTypedApart() {
        YText text = doc.text("t");
        text.insert(0, "\uD83D");
        assertThat(Doc.of(doc.encodeState()).text("t")).hasToString("\uFFFD");
        text.insert(1, "\uDE42");

        assertThat(text).hasToString("🙂");
        assertThat(Doc.of(doc.encodeState()).text("t")).hasToString("🙂");
    }

    @Test
    void keepsEveryKindOfValue() {
        List<Object> values =
                Arrays.asList(null, true, 1, -0.0, 1L << 40, 2.5, "text", List.of(1, List.of()), Map.of("a", Map.of()));
        YArray array = doc.array("a");
        array.insert(0, values);
        array.push(List.of(new byte[] {1, 2}, new SubDocument("guid", Map.of("autoLoad", true))));
        YMap map = doc.map("m");
        map.set("big", BigInteger.TEN);
        map.set("undefined", Undefined.INSTANCE);

        Doc other = Doc.of(doc.encodeState());

        assertThat(other.array("a").toList().subList(0, values.size())).isEqualTo(values);
        assertThat(other.array("a").get(values.size())).isEqualTo(new byte[] {1, 2});
        assertThat(other.array("a").get(values.size() + 1))
                .hasToString("SubDocument[guid=guid, options={autoLoad=true}]");
        assertThat(other.map("m").toMap()).isEqualTo(Map.of("big", BigInteger.TEN, "undefined", Undefined.INSTANCE));
    }

    @Test
    void lastWriterOfAMapEntryWinsEverywhere() {
        Doc other = new Doc(2);
        doc.map("m").set("k", "one");
        other.map("m").set("k", "two");
        byte[] mine = doc.encodeState();
        doc.applyUpdate(other.encodeState(), null);
        other.applyUpdate(mine, null);

        assertThat(doc.map("m").get("k")).isEqualTo("two");
        assertThat(other.map("m").toMap()).isEqualTo(doc.map("m").toMap());
        assertThat(doc.map("m").keys()).containsExactly("k");
        doc.map("m").delete("k");
        assertThat(doc.map("m").has("k")).isFalse();
        assertThat(doc.map("m").size()).isZero();
    }

    @Test
    void editsXml() {
        YXmlFragment xml = doc.xmlFragment("x");
        YXmlElement heading = new YXmlElement("Heading");
        heading.setAttribute("level", 2);
        heading.setAttribute("b", "x");
        YXmlText text = new YXmlText();
        text.insert(0, "Hi", Map.of("bold", Map.of("w", 1)));
        heading.push(List.of(text));
        xml.insert(0, List.of(heading, new YXmlElement("hr")));

        assertThat(xml).hasToString("<heading b=\"x\" level=\"2\"><bold w=\"1\">Hi</bold></heading><hr></hr>");
        assertThat(heading.attributes()).containsOnlyKeys("level", "b");
        heading.removeAttribute("level");
        assertThat(heading.attribute("level")).isNull();
        assertThat(xml.child(1)).isInstanceOf(YXmlElement.class);
        xml.delete(0, 1);
        assertThat(xml.children()).hasSize(1);
    }

    @Test
    void printsXmlHoweverDeepItNests() {
        YXmlFragment at = doc.xmlFragment("x");
        for (int i = 0; i < 50_000; i++) {
            YXmlElement inner = new YXmlElement("p");
            at.insert(0, List.of(inner));
            at = inner;
        }
        Doc other = Doc.of(doc.encodeState());

        assertThat(other.xmlFragment("x").toString()).hasSize(350_000);
        other.xmlFragment("x").delete(0, 1);
        assertThat(other.structCount()).isEqualTo(2);
    }

    @Test
    void refusesIndicesOutOfRangeBeforeItChangesAnything() {
        doc.text("t").insert(0, "abc");
        doc.array("a").push(List.of(1));
        byte[] before = doc.encodeState();

        assertThatThrownBy(() -> doc.text("t").insert(4, "x")).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> doc.text("t").delete(2, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> doc.text("t").format(-1, 2, Map.of())).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> doc.array("a").get(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> doc.array("a").insert(0, List.of(new Object())))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> doc.text("t").insert(0, "x", Map.of("k", new Object())))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(doc.encodeState()).isEqualTo(before);
    }

    @Test
    void positionsStayWithTheirNeighbours() {
        YText text = doc.text("t");
        text.insert(0, "abcd");
        RelativePosition after = RelativePosition.create(text, 2, 0);
        RelativePosition end = RelativePosition.create(text, 4, 0);
        text.insert(0, "XX");
        text.insert(6, "Y");

        RelativePosition read = RelativePosition.decode(after.encode());
        assertThat(read.resolve(doc)).isEqualTo(new RelativePosition.Found(text, 4, 0));
        assertThat(RelativePosition.fromJson(end.toJson()).resolve(doc))
                .isEqualTo(new RelativePosition.Found(text, 7, 0));
        assertThat(Json.stringify(end.toJson())).isEqualTo("{\"tname\":\"t\",\"assoc\":0}");
        assertThat(after.resolve(new Doc(2))).isNull();
    }
}
