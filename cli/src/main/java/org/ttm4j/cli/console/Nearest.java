package org.ttm4j.cli.console;

import java.util.List;

/** Finds the word that a mistyped one was meant to be. */
public final class Nearest {
    private static final int FARTHEST = 3;

    private Nearest() {}

    /** The candidate with the smallest Levenshtein distance, the first of several; null when none is near. */
    public static String of(String word, List<String> candidates) {
        String best = null;
        int least = Math.min(FARTHEST, word.length() / 2) + 1;
        for (String candidate : candidates) {
            int distance = distance(word, candidate);
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best;
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) row[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
