package org.ttm4j.serve.live;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.h2.mvstore.type.ObjectDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * A file of H2's MVStore, a log-structured tree: what is committed survives a kill. One process at a time has it. MVStore
 * closes itself when it cannot be written, on a disk that is full; it is opened anew before the next changes.
 */
final class EmbeddedStore implements SeriesStore {
    private static final String ENTRIES = "series";
    private static final String VALUES = "values";
    private static final String FIELD = "\0";
    /** Commits after which the file is compacted where less than a part of it, in percent, is in use. */
    private static final int COMPACTED = 500;
    private static final int LEAST_FILL = 50;
    private static final int COMPACTED_BYTES = 4 << 20;

    private final Path path;
    private volatile Content content;
    private volatile boolean works = true;
    private long commits;

    /** A step of a series. */
    record Key(String series, long step) {}

    /**
     * What a file holds.
     *
     * @param entries settings, {@link #FIELD} and the anchor where there is one
     */
    private record Content(MVStore file, MVMap<String, String> entries, MVMap<Key, Object> values) {}

    private EmbeddedStore(Path path, Content content) {
        this.path = path;
        this.content = content;
    }

    /**
     * Opens a file, or makes it.
     *
     * @throws IOException when it cannot be, or another process has it
     */
    static EmbeddedStore open(Path path) throws IOException {
        Path absolute = path.toAbsolutePath();
        Files.createDirectories(absolute.getParent());
        return new EmbeddedStore(absolute, content(absolute));
    }

    private static Content content(Path path) throws StoreException {
        MVStore file = null;
        try {
            file = new MVStore.Builder().fileName(path.toString()).autoCommitDisabled().autoCommitBufferSize(0).open();
            // To compact the file, MVStore would read any other map, and the Java objects in it.
            if (!Set.of(ENTRIES, VALUES).containsAll(file.getMapNames())) {
                throw DataUtils.newMVStoreException(DataUtils.ERROR_FILE_CORRUPT, "maps {0}", file.getMapNames());
            }
            // Each commit is followed by a sync, so what the commit before has replaced may be written over.
            file.setRetentionTime(0);
            file.setVersionsToKeep(0);
            Content content = new Content(file,
                    file.openMap(ENTRIES,
                            new MVMap.Builder<String, String>().keyType(StringDataType.INSTANCE)
                                    .valueType(StringDataType.INSTANCE)),
                    file.openMap(VALUES,
                            new MVMap.Builder<Key, Object>().keyType(new Keys()).valueType(new Doubles())));
            // A rollback closes maps that no commit knows.
            file.commit();
            return content;
        } catch (MVStoreException e) {
            if (file != null) file.closeImmediately();
            String reason = e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED
                    ? "another process has it; stop that one, or choose another --store"
                    : "it is no store of series, or cannot be written";
            throw new StoreException(path + ": " + reason, e);
        } catch (RuntimeException | Error e) {
            if (file != null) file.closeImmediately();
            throw e;
        }
    }

    @Override
    public Entry entry(String id) throws StoreException {
        String text = guarded(now -> now.entries.get(id));
        if (text == null) return null;
        int end = text.indexOf(FIELD);
        return end < 0 ? new Entry(text, null) : new Entry(text.substring(0, end), text.substring(end + 1));
    }

    @Override
    public List<String> ids(String after, int most) throws StoreException {
        return guarded(now -> {
            List<String> ids = new ArrayList<>();
            // A name is at least one character, and the least that follows another is that with a zero behind it.
            for (Iterator<String> all = now.entries.keyIterator(after + FIELD); all.hasNext() && ids.size() < most;) {
                ids.add(all.next());
            }
            return ids;
        });
    }

    @Override
    public int size() throws StoreException {
        return guarded(now -> now.entries.size());
    }

    @Override
    public int countWithSettings(String text) throws StoreException {
        return guarded(now -> (int) now.entries.values().stream().filter(settings -> settings.contains(text)).count());
    }

    @Override
    public Points newest(String id, int most) throws StoreException {
        return guarded(now -> {
            Key last = now.values.floorKey(new Key(id, Long.MAX_VALUE));
            if (last == null || !last.series.equals(id)) return new Points(new long[0], new double[0]);
            long[] steps = new long[most];
            double[] found = new double[most];
            int count = 0;
            var cursor = now.values.cursor(new Key(id, last.step - most + 1), last, false);
            while (cursor.hasNext()) {
                Key key = cursor.next();
                steps[count] = key.step;
                found[count++] = (Double) cursor.getValue();
            }
            return new Points(Arrays.copyOf(steps, count), Arrays.copyOf(found, count));
        });
    }

    @Override
    public void put(String id, Entry entry) throws StoreException {
        String text = entry.anchor() == null ? entry.settings() : entry.settings() + FIELD + entry.anchor();
        guarded(now -> now.entries.put(id, text));
    }

    @Override
    public void delete(String id) throws StoreException {
        guarded(now -> {
            drop(now, id, Long.MAX_VALUE);
            return now.entries.remove(id);
        });
    }

    @Override
    public void write(String id, Points points, long first) throws StoreException {
        guarded(now -> {
            for (int i = 0; i < points.steps().length; i++) {
                now.values.put(new Key(id, points.steps()[i]), points.values()[i]);
            }
            drop(now, id, first);
            return null;
        });
    }

    private static void drop(Content now, String id, long first) {
        Key key = now.values.ceilingKey(new Key(id, Long.MIN_VALUE));
        while (key != null && key.series.equals(id) && key.step < first) {
            now.values.remove(key);
            key = now.values.higherKey(key);
        }
    }

    @Override
    public void commit() throws StoreException {
        guarded(now -> {
            // Without a change nothing is written, so this commit would not show whether the store can be written.
            if (!now.file.hasUnsavedChanges()) return null;
            now.file.commit();
            now.file.sync();
            works = true;
            if (++commits % COMPACTED == 0) compact(now.file);
            return null;
        });
    }

    /** Frees blocks of which a part alone is replaced: the next commit writes the rest elsewhere. */
    private void compact(MVStore file) {
        try {
            file.compact(LEAST_FILL, COMPACTED_BYTES);
        } catch (MVStoreException e) {
            // What was committed before is durable.
            works = false;
            rollback();
        }
    }

    @Override
    public boolean works() {
        return works;
    }

    @Override
    public void touch() throws StoreException {
        guarded(now -> {
            now.file.setStoreVersion(now.file.getStoreVersion() + 1);
            return null;
        });
    }

    @Override
    public void rollback() {
        try {
            if (content.file.isClosed()) content = content(path);
            else content.file.rollback();
        } catch (StoreException e) {
            // It stays closed until the next changes have failed.
        } catch (RuntimeException | Error e) {
            content.file.closeImmediately(); // otherwise a later commit would write the changes that failed
        }
    }

    private <T> T guarded(Function<Content, T> action) throws StoreException {
        try {
            return action.apply(content);
        } catch (MVStoreException e) {
            works = false;
            throw new StoreException("the store of series failed", e);
        }
    }

    @Override
    public void close() {
        try {
            content.file.close();
        } catch (MVStoreException e) {
            content.file.closeImmediately();
        }
    }

    /** How keys are ordered and written. */
    static final class Keys extends BasicDataType<Key> {
        private static final Comparator<Key> ORDER = Comparator.comparing(Key::series).thenComparingLong(Key::step);
        private static final int BYTES = 64;

        @Override
        public int compare(Key a, Key b) {
            return ORDER.compare(a, b);
        }

        @Override
        public int getMemory(Key key) {
            return BYTES + key.series.length();
        }

        @Override
        public void write(WriteBuffer out, Key key) {
            StringDataType.INSTANCE.write(out, key.series);
            out.putLong(key.step);
        }

        @Override
        public Key read(ByteBuffer in) {
            return new Key(StringDataType.INSTANCE.read(in), in.getLong());
        }

        @Override
        public Key[] createStorage(int size) {
            return new Key[size];
        }
    }

    /**
     * Values as MVStore's type for any object writes doubles, which is what older files hold. That type would read a
     * serialised Java object too, and so run code that the file names; this one refuses all but doubles.
     */
    private static final class Doubles extends ObjectDataType {
        /** TYPE_DOUBLE, TAG_DOUBLE_0, TAG_DOUBLE_1 and TAG_DOUBLE_FIXED. */
        private static final Set<Byte> TAGS = Set.of((byte) 8, (byte) 43, (byte) 44, (byte) 45);

        @Override
        public Object read(ByteBuffer in) {
            byte tag = in.get(in.position());
            if (TAGS.contains(tag)) return super.read(in);
            throw DataUtils.newMVStoreException(DataUtils.ERROR_FILE_CORRUPT, "a value of type {0} is no number", tag);
        }
    }
}
