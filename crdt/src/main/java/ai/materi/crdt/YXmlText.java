package ai.materi.crdt;

/** Text in an XML tree. */
public final class YXmlText extends YText {
    public YXmlText() {}

    public YXmlText(String content) {
        super(content);
    }

    @Override
    int kind() {
        return Branch.XML_TEXT;
    }

    /** The text in the markup of its formatting, as yjs prints it: nothing is escaped. */
    @Override
    public String toString() {
        return isAttached() ? XmlPrinter.print(this) : "";
    }
}
