package org.ttm4j.serve.live;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.h2.store.fs.FileBase;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.disk.FilePathDisk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.http.Problem.Type;
import org.ttm4j.serve.live.SeriesStore.Committer;
import org.ttm4j.serve.live.SeriesStore.Entry;
import org.ttm4j.serve.live.SeriesStore.Points;
import org.ttm4j.serve.live.SeriesStore.StoreException;
import org.ttm4j.serve.settings.Settings.Limits;

/** A store on a disk that is full for a while: nothing that was kept is lost, and it goes on when there is room. */
@DisabledOnOs(OS.WINDOWS) // its paths have no colon
class FullDiskTest {
    @TempDir
    Path folder;
    private Disk disk;

    /** The files {@code disk:NAME} of a folder, which cannot be written while it is full; they are {@code disk-NAME} in it. */
    private static final class Disk extends FilePathDisk {
        private static String scheme;
        private static volatile boolean full;
        /** Whether it fails to be read once, after the next commit is durable. */
        private static volatile boolean failing;
        private static volatile boolean unreadable;

        Disk(String name) {
            this.name = name;
        }

        @Override
        public String getScheme() {
            return scheme;
        }

        @Override
        public FilePathDisk getPath(String path) {
            return new Disk(path.replace(scheme + ":", scheme + "-"));
        }

        @Override
        public FileChannel open(String mode) throws IOException {
            return new File(super.open(mode));
        }
    }

    private static final class File extends FileBase {
        private final FileChannel channel;

        File(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            requireRoom();
            return channel.write(source);
        }

        @Override
        public synchronized int write(ByteBuffer source, long position) throws IOException {
            requireRoom();
            return channel.write(source, position);
        }

        private static void requireRoom() throws IOException {
            if (Disk.full) throw new IOException("No space left on device");
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            return channel.read(target);
        }

        @Override
        public synchronized int read(ByteBuffer target, long position) throws IOException {
            if (Disk.unreadable) {
                Disk.unreadable = false;
                throw new IOException("Input/output error");
            }
            return channel.read(target, position);
        }

        @Override
        public long position() throws IOException {
            return channel.position();
        }

        @Override
        public FileChannel position(long position) throws IOException {
            channel.position(position);
            return this;
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            channel.truncate(size);
            return this;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            channel.force(metaData);
            Disk.unreadable = Disk.failing;
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return channel.tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            channel.close();
        }
    }

    @BeforeEach
    void register() {
        Disk.scheme = folder.resolve("disk").toString();
        Disk.full = false;
        Disk.failing = false;
        Disk.unreadable = false;
        disk = new Disk("");
        FilePath.register(disk);
    }

    @AfterEach
    void unregister() {
        FilePath.unregister(disk);
    }

    private EmbeddedStore open() throws IOException {
        return EmbeddedStore.open(folder.resolve("disk:series.mv"));
    }

    @Test
    void theStoreIsOpenedAnewWhenTheDiskHasRoom() throws Exception {
        try (EmbeddedStore store = open()) {
            Committer committer = new Committer(store);
            KeptSeries series = new KeptSeries(store, committer, Limits.defaults());
            committer.commit("", kept -> {
                kept.put("a", new Entry("{}", null));
                kept.write("a", new Points(new long[]{1}, new double[]{1}), 0);
                return null;
            });
            assertTrue(series.isWritable());
            Disk.full = true;
            assertThrows(StoreException.class, () -> committer.commit("", kept -> {
                kept.write("a", new Points(new long[]{2}, new double[]{2}), 0);
                return null;
            }));
            for (int i = 0; i < 2; i++) {
                assertThrows(Problem.class, () -> committer.commit("", kept -> {
                    throw new Problem(Type.NOT_FOUND, "a change that is refused");
                }));
            }
            assertFalse(series.isWritable());
            assertArrayEquals(new double[]{1}, store.newest("a", 10).values(), "what was kept can be read");
            Disk.full = false;
            assertTrue(series.isWritable());
            committer.commit("", kept -> {
                kept.write("a", new Points(new long[]{3}, new double[]{3}), 0);
                return null;
            });
            series.close();
        }
        try (EmbeddedStore store = open()) {
            assertArrayEquals(new double[]{1, 3}, store.newest("a", 10).values());
            assertEquals(List.of("a"), store.ids("", 10));
        }
    }

    @Test
    void aChangeThatIsDurableIsMadeWhereTheFileCannotBeCompacted() throws Exception {
        Points many = new Points(LongStream.range(0, 2000).toArray(), new double[2000]);
        try (EmbeddedStore store = open()) {
            // Of each commit, a tenth is not replaced by the next ones.
            for (int first = 0; first < 10; first++) {
                for (int i = first; i < 10; i++) store.write("s" + i, many, 0);
                store.commit();
            }
        }
        try (EmbeddedStore store = open(); Committer committer = new Committer(store)) {
            for (int i = 1; i <= 501; i++) {
                Disk.failing = i == 500; // when the file is compacted
                Points one = new Points(new long[]{i}, new double[]{i});
                committer.commit("", kept -> {
                    kept.write("z", one, 0);
                    return null;
                });
                assertEquals(i != 500, store.works(), "change " + i);
            }
        }
        try (EmbeddedStore store = open()) {
            assertEquals(501, store.newest("z", 1000).steps().length);
            assertEquals(2000, store.newest("s0", 5000).steps().length);
        }
    }
}
