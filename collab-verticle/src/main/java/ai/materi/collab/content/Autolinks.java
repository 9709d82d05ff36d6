package ai.materi.collab.content;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.nibor.autolink.LinkExtractor;
import org.nibor.autolink.LinkSpan;
import org.nibor.autolink.LinkType;

/** Addresses that stand bare in text and are links all the same (GFM, "Autolinks (extension)"). */
final class Autolinks {
    /** A stretch of text and where it leads. */
    record Found(int from, int to, String href) {}

    private static final LinkExtractor EXTRACTOR = LinkExtractor.builder()
            .linkTypes(EnumSet.of(LinkType.URL, LinkType.WWW, LinkType.EMAIL))
            .build();

    private Autolinks() {}

    static List<Found> in(String text) {
        if (text.indexOf("://") < 0 && text.indexOf("www.") < 0 && text.indexOf('@') < 0) {
            return List.of();
        }
        List<Found> found = new ArrayList<>();
        for (LinkSpan span : EXTRACTOR.extractLinks(text)) {
            String href = href(span.getType(), text.substring(span.getBeginIndex(), span.getEndIndex()));
            if (Urls.safeLink(href)) {
                found.add(new Found(span.getBeginIndex(), span.getEndIndex(), href));
            }
        }
        return found;
    }

    private static String href(LinkType type, String text) {
        return switch (type) {
            case EMAIL -> "mailto:" + text;
            case WWW -> "http://" + text;
            default -> text;
        };
    }

    /** Whether a link with this address reads the same without any markup. */
    static boolean reads(String text, String href) {
        return text.equals(href) || href.equals("mailto:" + text) || href.equals("http://" + text);
    }
}
