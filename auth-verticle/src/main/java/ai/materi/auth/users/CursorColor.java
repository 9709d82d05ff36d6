package ai.materi.auth.users;

import java.util.Locale;
import java.util.UUID;

/**
 * A colour for a user's cursor and name tag, always the same for the same id. White text on it has a contrast of at least
 * 4.5:1 (WCAG 2.2, 1.4.3), whatever the hue: yellow is darkened more than blue.
 */
public final class CursorColor {
    private static final double CONTRAST = 4.5;
    private static final double SATURATION = 0.65;
    private static final double LIGHTEST = 0.50;
    private static final double STEP = 0.01;

    private CursorColor() {}

    public static String of(UUID id) {
        double hue = Math.floorMod(mixed(id), 360L);
        double lightness = LIGHTEST;
        while (contrastWithWhite(rgb(hue, lightness)) < CONTRAST) {
            lightness -= STEP;
        }
        int[] rgb = rgb(hue, lightness);
        return String.format(Locale.ROOT, "#%02x%02x%02x", rgb[0], rgb[1], rgb[2]);
    }

    /** Neighbouring ids get distant hues (the finalizer of SplitMix64). */
    private static long mixed(UUID id) {
        long z = id.getMostSignificantBits() ^ id.getLeastSignificantBits();
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    private static int[] rgb(double hue, double lightness) {
        return new int[] {channel(0, hue, lightness), channel(8, hue, lightness), channel(4, hue, lightness)};
    }

    /** One channel of HSL (CSS Color 4, 7.1). */
    private static int channel(int offset, double hue, double lightness) {
        double k = (offset + hue / 30) % 12;
        double a = SATURATION * Math.min(lightness, 1 - lightness);
        double value = lightness - a * Math.max(-1, Math.min(Math.min(k - 3, 9 - k), 1));
        return (int) Math.round(255 * value);
    }

    static double contrastWithWhite(int[] rgb) {
        double luminance = 0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2]);
        return 1.05 / (luminance + 0.05);
    }

    private static double linear(int channel) {
        double c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
    }
}
