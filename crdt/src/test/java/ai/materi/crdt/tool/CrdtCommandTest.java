package ai.materi.crdt.tool;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.crdt.Doc;
import ai.materi.crdt.Updates;
import ai.materi.crdt.YXmlElement;
import ai.materi.crdt.YXmlText;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command as a shell meets it: what it prints where, and how it ends. */
class CrdtCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Doc doc = new Doc(7);
    private final List<byte[]> updates = new ArrayList<>();

    @TempDir
    Path folder;

    @BeforeEach
    void write() {
        doc.onUpdate((update, origin, local) -> updates.add(update));
        doc.text("notes").insert(0, "Hello wörld 🌊");
        doc.text("notes").delete(0, 6);
        doc.array("list").push(List.of(1, "two", Map.of("three", true)));
        doc.map("settings").set("wide", Collections.singletonMap("margin", null));
        YXmlElement paragraph = new YXmlElement("paragraph");
        doc.transact(null, tx -> {
            paragraph.push(List.of(new YXmlText("An & ampersand")));
            doc.xmlFragment("page").push(List.of(paragraph));
        });
    }

    private int run(String... words) {
        return run(new byte[0], words);
    }

    private int run(byte[] input, String... words) {
        out.reset();
        err.reset();
        PrintStream printed = new PrintStream(out, false, StandardCharsets.UTF_8);
        PrintStream said = new PrintStream(err, true, StandardCharsets.UTF_8);
        int code = new CrdtCommand(new ByteArrayInputStream(input), printed, said).run(List.of(words));
        printed.flush();
        return code;
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private String file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes).toString();
    }

    @Test
    void tellsPeopleWhatIsInAState() throws IOException {
        for (byte[] state : List.of(doc.encodeState(), doc.encodeStateV2())) {
            assertThat(run("inspect", file("state", state))).isZero();
            assertThat(printed()).contains("7", "YXmlElement paragraph", "notes, list, settings, page", "nothing");
        }
        assertThat(printed()).contains("format v2");
    }

    @Test
    void tellsMachinesTheSame() throws IOException {
        assertThat(run("inspect", "--json", file("state", doc.encodeState()))).isZero();
        assertThat(printed())
                .startsWith("{\"format\":\"v1\"")
                .contains("\"deleted\":{\"units\":6,\"ranges\":1}", "\"pending_bytes\":0");
    }

    @Test
    void printsEveryStruct() throws IOException {
        assertThat(run("inspect", file("state", doc.encodeState()), "--structs"))
                .isZero();
        assertThat(printed())
                .contains("7:0–5 deleted in root \"notes\"", "text after 7:5  \"wörld 🌊\"", "key \"wide\"");
    }

    @Test
    void printsARootAsYjsWould() throws IOException {
        String state = file("state", doc.encodeState());

        assertThat(run("inspect", state, "--text", "notes")).isZero();
        assertThat(printed()).isEqualTo("wörld 🌊\n");
        run("inspect", state, "--array=list");
        assertThat(printed()).isEqualTo("[1,\"two\",{\"three\":true}]\n");
        run("inspect", state, "--map", "settings");
        assertThat(printed()).isEqualTo("{\"wide\":{\"margin\":null}}\n");
        run("inspect", state, "--xml", "page");
        assertThat(printed()).isEqualTo("<paragraph>An & ampersand</paragraph>\n");
    }

    @Test
    void readsStandardInputAndBase64() {
        byte[] text = Base64.getMimeEncoder().encode(doc.encodeState());

        assertThat(run(text, "inspect", "-", "--base64", "--text", "notes")).isZero();
        assertThat(printed()).isEqualTo("wörld 🌊\n");
    }

    @Test
    void mergesUpdatesOfBothFormats() throws IOException {
        List<String> words = new ArrayList<>(List.of("merge"));
        for (int i = 0; i < updates.size(); i++) {
            words.add(file("update" + i, i % 2 == 0 ? updates.get(i) : Updates.toV2(updates.get(i))));
        }

        assertThat(run(words.toArray(String[]::new))).isZero();
        assertThat(out.toByteArray()).isEqualTo(Updates.merge(updates));
        words.addAll(
                List.of("--format", "v2", "--output", folder.resolve("merged").toString()));
        assertThat(run(words.toArray(String[]::new))).isZero();
        assertThat(Files.readAllBytes(folder.resolve("merged")))
                .isEqualTo(Updates.mergeV2(updates.stream().map(Updates::toV2).toList()));
    }

    @Test
    void cutsOffWhatIsKnown() throws IOException {
        Doc other = new Doc(8);
        other.applyUpdate(updates.get(0), null);
        byte[] vector = other.stateVector().encode();
        String state = file("state", doc.encodeState());

        assertThat(run("diff", state, "--from", Base64.getEncoder().encodeToString(vector)))
                .isZero();
        assertThat(out.toByteArray()).isEqualTo(Updates.diff(doc.encodeState(), other.stateVector()));
        assertThat(run("diff", state, "--from", file("vector", vector))).isZero();
        other.applyUpdate(out.toByteArray(), null);
        assertThat(other.encodeState()).isEqualTo(doc.encodeState());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "explode",
                "inspect",
                "inspect a b",
                "inspect a --yaml",
                "inspect a --text",
                "merge",
                "merge a --format v3",
                "diff a",
                "replay",
                "replay a --json"
            })
    void refusesArgumentsThatAreNone(String words) throws IOException {
        byte[] state = doc.encodeState();
        String[] all = words.replaceAll(" [ab]\\b", " " + file("a", state)).split(" ");

        assertThat(run(all)).isEqualTo(2);
        assertThat(said())
                .startsWith("materi: ")
                .endsWith("(./materi crdt --help)\n")
                .hasLineCount(1);
        assertThat(printed()).isEmpty();
    }

    @Test
    void saysWhatIsWrongWithAFile() throws IOException {
        assertThat(run("inspect", folder.resolve("nowhere").toString())).isEqualTo(1);
        assertThat(said()).contains("no such file", "nowhere");
        assertThat(run("inspect", file("rubbish", "rubbish".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(1);
        assertThat(said()).contains("no update in format v1", "nor in v2").hasLineCount(1);
        assertThat(run("inspect", file("state", doc.encodeState()), "--text", "nothing"))
                .isEqualTo(1);
        assertThat(said()).contains("no root 'nothing'", "notes");
        assertThat(run("diff", file("state", doc.encodeState()), "--from", "/// no"))
                .isEqualTo(1);
        assertThat(run("diff", file("state", doc.encodeState()), "--from", "AQ=="))
                .isEqualTo(1);
        assertThat(said()).contains("no state vector");
        assertThat(run("replay", file("trace", new byte[] {1, 2, 3}))).isEqualTo(1);
        assertThat(said()).contains("no gzip file");
    }

    @Test
    void replaysWhatOneWrote() throws IOException {
        String trace = trace("{\"startContent\":\"\",\"endContent\":\"a🌊c\",\"txns\":[{\"patches\":[[0,0,\"a🌊b\"]]},"
                + "{\"patches\":[[2,1,\"c\"]]}]}");

        assertThat(run("replay", trace)).isZero();
        assertThat(printed()).contains("2 transactions, ends as it should", "µs each");
    }

    @Test
    void replaysWhatSeveralWroteAtOnce() throws IOException {
        String trace = trace("{\"endContent\":\"one two!\",\"numAgents\":2,\"txns\":["
                + "{\"agent\":0,\"parents\":[],\"patches\":[[0,0,\"one\"]]},"
                + "{\"agent\":1,\"parents\":[0],\"patches\":[[3,0,\" two\"]]},"
                + "{\"agent\":0,\"parents\":[1],\"patches\":[[7,0,\"!\"]]}]}");

        assertThat(run("replay", trace)).isZero();
        assertThat(printed()).contains("3 transactions");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"endContent\":\"a\",\"txns\":[{\"patches\":[[0]]}]}",
                "{\"endContent\":\"a\",\"txns\":[{\"parents\":[3],\"patches\":[]}]}",
                "{\"endContent\":\"a\",\"txns\":[{\"agent\":3,\"patches\":[]}]}",
                "{\"endContent\":\"a\",\"txns\":[]}",
                "{"
            })
    void refusesTracesThatAreNone(String json) throws IOException {
        assertThat(run("replay", trace(json))).isEqualTo(1);
        assertThat(said()).startsWith("materi: ").hasLineCount(1);
    }

    private String trace(String json) throws IOException {
        Path file = folder.resolve("trace.json.gz");
        try (OutputStream to = new GZIPOutputStream(Files.newOutputStream(file))) {
            to.write(json.getBytes(StandardCharsets.UTF_8));
        }
        return file.toString();
    }

    @Test
    void helps() {
        assertThat(run("--help")).isZero();
        assertThat(printed()).isEqualTo(CrdtCommand.HELP);
        assertThat(run()).isZero();
    }
}
