package ai.materi.collab.content;

import java.util.Locale;
import java.util.Set;

/** Which addresses may stand in a document that others open: none that runs code in the reader's page. */
final class Urls {
    private static final Set<String> SCHEMES =
            Set.of("http", "https", "ftp", "ftps", "mailto", "tel", "sms", "callto", "xmpp", "cid");
    private static final int LONGEST = 8_192;

    private Urls() {}

    static boolean safeLink(String url) {
        String scheme = scheme(url);
        return url.length() <= LONGEST && (scheme.isEmpty() || SCHEMES.contains(scheme));
    }

    /** Links, and images carried in the address itself as long as they are pictures without scripts. */
    static boolean safeImage(String url) {
        if (scheme(url).equals("data")) {
            return url.strip()
                    .toLowerCase(Locale.ROOT)
                    .matches("data:image/(png|gif|jpeg|webp|avif);base64,[a-z0-9+/=]*");
        }
        return safeLink(url);
    }

    /** What a browser would take for the scheme: it ignores control characters and blanks before and inside it. */
    private static String scheme(String url) {
        StringBuilder seen = new StringBuilder();
        for (int i = 0; i < url.length(); i++) {
            char c = url.charAt(i);
            if (c == ':') {
                return seen.toString().toLowerCase(Locale.ROOT);
            }
            if (c == '/' || c == '?' || c == '#') {
                return "";
            }
            if (c > ' ' && c != '\u007F') {
                seen.append(c);
            }
        }
        return "";
    }
}
