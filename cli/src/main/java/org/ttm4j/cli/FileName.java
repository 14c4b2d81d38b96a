package org.ttm4j.cli;

import java.nio.file.Path;

/** Names of data files. */
final class FileName {
    private FileName() {}

    /** The file's name without the endings of a CSV: {@code ETTh1} of {@code data/ETTh1.csv.gz}. */
    static String stem(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("(?i)(\\.(csv|tsv|txt))?(\\.gz)?$", "");
    }
}
