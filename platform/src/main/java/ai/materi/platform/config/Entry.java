package ai.materi.platform.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A place in the tree of settings. */
sealed interface Entry {
    Origin origin();

    /** What a person calls this kind of thing. */
    String noun();

    /** One value; null or empty means that nothing is set here. */
    record Leaf(@Nullable String text, Kind kind, Origin origin) implements Entry {
        Optional<String> value() {
            return Optional.ofNullable(text).filter(value -> !value.isEmpty());
        }

        @Override
        public String noun() {
            return "a value";
        }
    }

    record Listing(List<Entry> items, Origin origin) implements Entry {
        @Override
        public String noun() {
            return "a list";
        }
    }

    /** Filled while the sources are laid over each other; read-only once {@link Settings} holds it. */
    record Section(Map<String, Entry> entries, Origin origin) implements Entry {
        Section(Origin origin) {
            this(new LinkedHashMap<>(), origin);
        }

        @Override
        public String noun() {
            return "a section";
        }

        @Nullable
        Entry get(String key) {
            return entries.get(key);
        }

        Optional<Entry> find(String key) {
            return Optional.ofNullable(get(key));
        }

        void put(String key, Entry entry) {
            entries.put(key, entry);
        }

        /** A key {@code x_file} declares the secret {@code x}. */
        boolean declaresSecret(String key) {
            return entries.containsKey(key + Secret.FILE_SUFFIX);
        }

        /** What an item of the list {@code key} may contain, with its defaults: the section {@code key_item} beside it. */
        @Nullable
        Section itemOf(String key) {
            return entries.get(key + ITEM_SUFFIX) instanceof Section item ? item : null;
        }

        /** Whether {@code key} describes the items of a list instead of being a setting. */
        boolean describesItems(String key) {
            return key.endsWith(ITEM_SUFFIX)
                    && entries.get(key.substring(0, key.length() - ITEM_SUFFIX.length())) instanceof Listing;
        }
    }

    String ITEM_SUFFIX = "_item";
}
