package ai.materi.crdt;

/** A map that stands in an XML tree for something that only the application can render. */
public final class YXmlHook extends YMap {
    private final String hookName;

    public YXmlHook(String hookName) {
        this.hookName = hookName;
    }

    public String hookName() {
        return hookName;
    }

    @Override
    int kind() {
        return Branch.XML_HOOK;
    }

    @Override
    String nodeNameOrNull() {
        return hookName;
    }
}
