package ai.materi.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ObserversTest {
    private final Doc doc = new Doc(1);
    private final List<Object> seen = new ArrayList<>();

    @Test
    void tellsTheChangeOfATextAsADelta() {
        YText text = doc.text("t");
        text.insert(0, "one two");
        text.observe(event -> seen.addAll(event.delta()));

        doc.transact(null, tx -> {
            text.delete(0, 2);
            text.insert(1, "!", Map.of());
            text.format(2, 2, Map.of("b", true));
        });

        assertThat(seen)
                .containsExactly(
                        new Delta.Delete(2),
                        new Delta.Retain(1),
                        new Delta.Insert("!"),
                        new Delta.Retain(2, Map.of("b", true)));
    }

    @Test
    void tellsTheChangeOfAnArrayByItsValues() {
        YArray array = doc.array("a");
        array.push(List.of(1, 2, 3));
        array.observe(event -> seen.addAll(event.delta()));

        doc.transact(null, tx -> {
            array.delete(1, 1);
            array.push(List.of("x", "y"));
        });

        assertThat(seen)
                .containsExactly(
                        new Delta.Retain(1),
                        new Delta.Delete(1),
                        new Delta.Retain(1),
                        new Delta.Insert(List.of("x", "y")));
    }

    @Test
    void tellsWhatEveryKeyHeldBefore() {
        YMap map = doc.map("m");
        map.set("gone", "old");
        map.set("kept", 1);
        map.observe(event -> seen.add(event.keys()));

        doc.transact(null, tx -> {
            map.set("kept", 2);
            map.set("new", true);
            map.delete("gone");
            map.set("brief", 1);
            map.delete("brief");
        });

        assertThat(seen)
                .containsExactly(Map.of(
                        "kept", new KeyChange(KeyChange.Action.UPDATE, 1),
                        "new", new KeyChange(KeyChange.Action.ADD, null),
                        "gone", new KeyChange(KeyChange.Action.DELETE, "old")));
    }

    @Test
    void tellsDeepObserversThePathAndTheNearestEventsFirst() {
        YXmlElement outer = new YXmlElement("section");
        YXmlText inner = new YXmlText("text");
        outer.insert(0, List.of(new YXmlElement("p"), inner));
        YXmlFragment root = doc.xmlFragment("x");
        root.insert(0, List.of(outer));
        root.observeDeep(events -> events.forEach(event -> seen.add(event.path())));

        doc.transact(null, tx -> {
            inner.insert(0, "more ");
            outer.setAttribute("class", "c");
        });

        assertThat(seen).containsExactly(List.of(0), List.of(0, 1));
    }

    @Test
    void tellsNothingOfATypeThatCameWithTheTransaction() {
        YMap child = new YMap();
        child.observe(event -> seen.add(event.keys().keySet()));

        doc.transact(null, tx -> {
            doc.map("m").set("child", child);
            child.set("first", 1);
        });
        child.set("second", 2);

        assertThat(seen).containsExactly(java.util.Set.of("second"));
    }

    @Test
    void keepsTellingWhenAListenerThrows() {
        YMap map = doc.map("m");
        map.observe(event -> {
            throw new IllegalStateException("listener");
        });
        map.observe(event -> seen.add("own"));
        map.observeDeep(events -> seen.add("deep"));
        doc.onUpdate((update, origin, local) -> seen.add("update"));

        assertThatThrownBy(() -> map.set("k", 1)).hasMessage("listener");

        assertThat(seen).containsExactly("own", "deep", "update");
    }

    @Test
    void announcesWhatAListenerWritesAsATransactionOfItsOwn() {
        YArray array = doc.array("a");
        YMap map = doc.map("m");
        array.observe(event -> map.set("length", array.length()));
        map.observe(event -> seen.add("map"));
        doc.onUpdate((update, origin, local) -> seen.add("update"));

        array.push(List.of(1));

        assertThat(seen).containsExactly("update", "map", "update");
        assertThat(map.get("length")).isEqualTo(1);
    }

    @Test
    void endsTheCallsWithTheRegistration() {
        YArray array = doc.array("a");
        Registration registration = array.observe(event -> seen.add("called"));

        registration.close();
        registration.close();
        array.push(List.of(1));

        assertThat(seen).isEmpty();
    }

    @Test
    void refusesToComputeWhatIsCollectedByThen() {
        YText text = doc.text("t");
        List<YEvent> events = new ArrayList<>();
        text.observe(events::add);
        text.insert(0, "x");

        assertThatThrownBy(() -> events.get(0).delta()).isInstanceOf(IllegalStateException.class);
    }
}
