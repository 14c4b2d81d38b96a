package org.ttm4j.spark;

import java.io.IOException;
import java.io.Serializable;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Date;
import java.sql.Timestamp;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.ttm.train.FineTuned;

/**
 * The models of single series, in one folder of a file system that Spark supports. The model of meter 7 is in
 * {@code meter=7}; for NULL the folder name is that of Hive and Spark; without an id, the model is in {@code model}.
 *
 * @param ids the columns of the id
 */
record GroupModels(String folder, List<String> ids, SerializableConfiguration settings) implements Serializable {
    private static final String OF_NULL = "__HIVE_DEFAULT_PARTITION__";
    /** The most bytes in the name of a folder. */
    private static final int LONGEST_NAME = 255;

    /**
     * The folder for the model of a series.
     *
     * @throws IllegalArgumentException when its name would be too long
     */
    Path path(Row id) {
        if (ids.isEmpty()) return new Path(folder + "/model");
        StringBuilder path = new StringBuilder(folder);
        for (int i = 0; i < ids.size(); i++) path.append('/').append(name(ids.get(i), id.get(i)));
        return new Path(path.toString());
    }

    private static String name(String column, Object id) {
        String name = URLEncoder.encode(column, StandardCharsets.UTF_8) + '='
                + (id == null ? OF_NULL : URLEncoder.encode(text(id), StandardCharsets.UTF_8));
        // The encoded name is ASCII, with one byte per character.
        if (name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "id: column " + column + ": the folder of its model would have a name of " + name.length()
                            + " bytes, expected at most " + LONGEST_NAME + "; shorten the id");
        }
        return name;
    }

    /** A text that does not depend on the JVM's time zone or on which class Spark uses for a timestamp or date. */
    private static String text(Object id) {
        return switch (id) {
            case byte[] bytes -> HexFormat.of().formatHex(bytes);
            case Timestamp time -> time.toInstant().toString();
            case Date day -> day.toLocalDate().toString();
            default -> id.toString();
        };
    }

    /**
     * Requires that the content of the folder for a model can be replaced.
     *
     * @throws IllegalArgumentException when it has subfolders, such as the models of ids with more columns, which would
     *     be deleted too
     */
    void requireReplaceable(Path path) throws IOException {
        FileSystem files = path.getFileSystem(settings.value());
        if (!files.exists(path)) return;
        for (FileStatus file : files.listStatus(path)) {
            if (file.isDirectory()) {
                throw new IllegalArgumentException(path + " holds the folder " + file.getPath().getName()
                        + ", which a model would delete in its place; choose another folder for these models");
            }
        }
    }

    /**
     * Writes a model into a folder of its own, whose path is returned. Spark may run two attempts of a task at once and
     * end either of them at any moment, so no attempt touches the models in place; the driver does, by {@link #publish}.
     */
    String stage(FineTuned tuned, String staging) throws IOException {
        Path path = new Path(staging, UUID.randomUUID().toString());
        java.nio.file.Path local = Files.createTempDirectory("ttm");
        try {
            tuned.save(local.resolve("model"));
            path.getFileSystem(settings.value())
                    .copyFromLocalFile(true, true, new Path(local.resolve("model").toUri()), path);
            return path.toString();
        } finally {
            FileUtil.fullyDelete(local.toFile());
        }
    }

    /**
     * Moves a staged model into its folder and replaces an earlier one.
     *
     * @throws IllegalArgumentException as {@link #requireReplaceable}
     */
    void publish(String staged, String into) throws IOException {
        Path path = new Path(into);
        requireReplaceable(path);
        FileSystem files = path.getFileSystem(settings.value());
        files.mkdirs(path.getParent());
        files.delete(path, true);
        if (!files.rename(new Path(staged), path)) throw new IOException(path + ": the model cannot be put there");
    }

    /** Deletes staged models that were not published, if it can; they are of no use, but do no harm. */
    void discard(String staging) {
        Path path = new Path(staging);
        try {
            path.getFileSystem(settings.value()).delete(path, true);
        } catch (IOException e) {
            System.getLogger(GroupModels.class.getName())
                    .log(System.Logger.Level.WARNING, () -> path + " cannot be deleted: " + e.getMessage());
        }
    }

    /**
     * The model of a series.
     *
     * @throws IllegalArgumentException as {@link #path}
     * @throws IOException when the series has no model in the folder
     */
    Forecaster load(Row id) throws IOException {
        Path path = path(id);
        java.nio.file.Path local = Files.createTempDirectory("ttm");
        try {
            path.getFileSystem(settings.value())
                    .copyToLocalFile(false, path, new Path(local.resolve("model").toUri()), true);
            return Forecaster.load(local.resolve("model"));
        } finally {
            FileUtil.fullyDelete(local.toFile());
        }
    }
}
