package ai.materi.crdt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shared text with formatting and embeds. Positions count UTF-16 code units; an embed or a nested type is one. */
public sealed class YText extends YType permits YXmlText {
    private @Nullable List<Runnable> prepared = new ArrayList<>(0);

    public YText() {}

    /** An unattached text with content. */
    public YText(String content) {
        insert(0, content);
    }

    @Override
    int kind() {
        return Branch.TEXT;
    }

    @Override
    void insertPrepared() {
        List<Runnable> steps = prepared;
        prepared = null;
        if (steps != null) {
            steps.forEach(Runnable::run);
        }
    }

    @Override
    void attached() {
        prepared = null;
    }

    /** Does it now, or, when unattached, when it is inserted. */
    private void now(Runnable step) {
        if (prepared != null) {
            prepared.add(step);
        } else {
            step.run();
        }
    }

    /** Inserts text in the formatting that is in force there. */
    public void insert(int index, String text) {
        if (text.isEmpty()) {
            return;
        }
        now(() -> {
            checkRange(index, 0, length());
            edit(tx -> {
                TextEditor editor = doc().textEditor();
                TextEditor.Position at = editor.find(tx, branch(), index, true);
                editor.insert(tx, branch(), at, text, at.attributes);
            });
        });
    }

    /** Inserts text in exactly this formatting. */
    public void insert(int index, String text, Map<String, ?> attributes) {
        if (!text.isEmpty()) {
            insertContent(index, text, attributes);
        }
    }

    /** Inserts an embed (a JSON value that is no string) or a type, as one unit, in exactly this formatting. */
    public void insertEmbed(int index, Object embed, Map<String, ?> attributes) {
        checkEmbed(embed);
        insertContent(index, embed, attributes);
    }

    /** Inserts an embed or a type without formatting of its own. */
    public void insertEmbed(int index, Object embed) {
        insertEmbed(index, embed, Map.of());
    }

    private static void checkEmbed(Object embed) {
        if (embed instanceof YType type) {
            type.requireUnattached();
        } else if (embed instanceof String) {
            throw new IllegalArgumentException("a string is text, not an embed");
        } else {
            Json.stringify(embed);
        }
    }

    private void insertContent(int index, Object content, Map<String, ?> attributes) {
        Map<String, @Nullable Object> wanted = checked(attributes);
        now(() -> {
            checkRange(index, 0, length());
            edit(tx -> {
                TextEditor editor = doc().textEditor();
                editor.insert(tx, branch(), editor.find(tx, branch(), index, false), content, wanted);
            });
        });
    }

    private static Map<String, @Nullable Object> checked(Map<String, ?> attributes) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        attributes.forEach((key, value) -> {
            if (value != Undefined.INSTANCE) {
                Json.stringify(value);
                out.put(key, value);
            }
        });
        return out;
    }

    public void delete(int index, int length) {
        if (length == 0) {
            return;
        }
        now(() -> {
            checkRange(index, length, length());
            edit(tx -> {
                TextEditor editor = doc().textEditor();
                editor.delete(tx, branch(), editor.find(tx, branch(), index, true), length);
            });
        });
    }

    /** Formats a range; a null among the attributes ends a format. */
    public void format(int index, int length, Map<String, ?> attributes) {
        if (length == 0) {
            return;
        }
        Map<String, @Nullable Object> wanted = checked(attributes);
        now(() -> {
            checkRange(index, length, length());
            edit(tx -> {
                TextEditor editor = doc().textEditor();
                TextEditor.Position at = editor.find(tx, branch(), index, false);
                if (at.right != Items.NONE) {
                    editor.format(tx, branch(), at, length, wanted);
                }
            });
        });
    }

    /**
     * Applies a change from the start on, as one transaction. Retaining past the end adds line breaks, as in yjs and
     * Quill.
     */
    public void applyDelta(List<? extends Delta> delta) {
        List<Delta> steps = new ArrayList<>(delta.size());
        for (Delta step : delta) {
            steps.add(checked(step));
        }
        now(() -> edit(tx -> {
            TextEditor.Position at = doc().textEditor().start(branch());
            for (Delta step : steps) {
                apply(tx, at, step);
            }
        }));
    }

    private static Delta checked(Delta step) {
        if (step instanceof Delta.Insert insert) {
            if (!(insert.insert() instanceof String)) {
                checkEmbed(insert.insert());
            }
            return new Delta.Insert(insert.insert(), checked(insert.attributes()));
        }
        if (step instanceof Delta.Retain retain) {
            if (retain.length() < 0) {
                throw new IndexOutOfBoundsException("negative retain");
            }
            return new Delta.Retain(retain.length(), checked(retain.attributes()));
        }
        if (step instanceof Delta.Delete delete && delete.length() < 0) {
            throw new IndexOutOfBoundsException("negative delete");
        }
        return step;
    }

    private void apply(Transaction tx, TextEditor.Position at, Delta step) {
        TextEditor editor = doc().textEditor();
        if (step instanceof Delta.Insert insert) {
            if (!insert.insert().equals("")) {
                editor.insert(tx, branch(), at, insert.insert(), insert.attributes());
            }
        } else if (step instanceof Delta.Retain retain) {
            editor.format(tx, branch(), at, retain.length(), retain.attributes());
        } else if (step instanceof Delta.Delete delete) {
            editor.delete(tx, branch(), at, delete.length());
        }
    }

    /** The content as insertions with their formatting, neighbours of equal formatting not joined across formats. */
    public List<Delta.Insert> toDelta() {
        if (prepared != null) {
            return List.of();
        }
        return Collections.unmodifiableList(new DeltaReader(doc(), branch()).read());
    }

    /**
     * Walks the units that {@link #toDelta} shows, in order, as runs of ids: (client, first clock, number of units). Neighbours
     * may continue each other.
     */
    public void forEachRun(Updates.StructVisitor visitor) {
        if (prepared != null) {
            return;
        }
        Items items = store().items;
        for (int i = branch().start; i != Items.NONE; i = items.right[i]) {
            int kind = items.kind(i);
            if (!items.isDeleted(i) && (kind == Items.STRING || kind == Items.TYPE || kind == Items.EMBED)) {
                Id id = store().publicId(items.id[i]);
                visitor.visit(id.client(), id.clock(), items.len[i]);
            }
        }
    }

    /** The text alone: embeds and types are left out. */
    @Override
    public String toString() {
        return prepared != null ? "" : plainText();
    }

    final String plainText() {
        Store store = store();
        Items items = store.items;
        ByteWriter out = new ByteWriter(Math.max(16, branch().length));
        boolean lone = false;
        for (int i = branch().start; i != Items.NONE; i = items.right[i]) {
            if (items.kind(i) == Items.STRING && !items.isDeleted(i)) {
                out.bytes(store.arena.buf, items.at[i], items.size(i));
                lone |= items.has(i, Items.LONE);
            }
        }
        return lone
                ? Utf8.decodeLoose(out.buffer(), 0, out.size())
                : new String(out.buffer(), 0, out.size(), StandardCharsets.UTF_8);
    }

    /** The value of an attribute of the text itself, not of its content; null when there is none. */
    public @Nullable Object attribute(String key) {
        return prepared != null ? null : Sequences.value(this, key);
    }

    /** Sets an attribute of the text itself. */
    public void setAttribute(String key, @Nullable Object value) {
        Values.check(value);
        now(() -> edit(Collections.singletonList(value), tx -> doc().editor().set(tx, branch(), key, value)));
    }

    /** Removes an attribute of the text itself. */
    public void removeAttribute(String key) {
        now(() -> edit(tx -> doc().editor().remove(tx, branch(), key)));
    }

    /** The attributes of the text itself. */
    public Map<String, @Nullable Object> attributes() {
        return prepared != null ? Map.of() : Collections.unmodifiableMap(Sequences.map(this));
    }

    @Override
    public Object toJson() {
        return toString();
    }
}
