package ai.materi.ai.extract;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words that carry meaning: letters and digits, not among the most frequent function words of English and German. */
final class Words {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+(?:['’-][\\p{L}\\p{N}]+)*");
    private static final Set<String> FUNCTION_WORDS = Set.of("""
            a about above after again all also am an and any are as at be because been before being below
            between both but by can could did do does doing down during each few for from further had has have
            having he her here hers him his how i if in into is it its just me more most my no nor not now of
            off on once only or other our out over own same she should so some such than that the their them
            then there these they this those through to too under until up us very was we were what when where
            which while who whom why will with would you your aber als auch auf aus bei bin bis da damit dann
            das dass dem den der des die dies diese dieser doch du durch ein eine einem einen einer eines er es
            für hat haben ich ihr im ist ja kann man mit nach nicht noch nur oder sich sie sind über um und uns
            unter vom von vor war wenn wie wir wird zu zum zur""".split("\\s+"));
    private static final int SHORTEST = 2;

    private Words() {}

    static List<String> content(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            String word = matcher.group().toLowerCase(Locale.ROOT);
            if (word.length() >= SHORTEST && !FUNCTION_WORDS.contains(word)) {
                words.add(word);
            }
        }
        return words;
    }
}
