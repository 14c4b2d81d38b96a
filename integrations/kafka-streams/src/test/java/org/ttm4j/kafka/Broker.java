package org.ttm4j.kafka;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RetriableException;

/** A Kafka broker in KRaft mode, broker and controller in one process, in a folder. */
final class Broker implements AutoCloseable {
    private final Path folder;
    private final int port;
    private Process process;

    private Broker(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /** Formats the storage and starts the broker. */
    static Broker start(Path folder) throws Exception {
        Broker broker = new Broker(folder, freePort());
        Files.writeString(broker.properties(), """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@localhost:%1$d
                listeners=PLAINTEXT://localhost:%2$d,CONTROLLER://localhost:%1$d
                advertised.listeners=PLAINTEXT://localhost:%2$d
                controller.listener.names=CONTROLLER
                log.dirs=%3$s
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=4
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                transaction.state.log.num.partitions=4
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                group.initial.rebalance.delay.ms=0
                broker.session.timeout.ms=6000
                broker.heartbeat.interval.ms=500
                auto.create.topics.enable=false
                log.retention.ms=-1
                log.message.timestamp.after.max.ms=9223372036854775807
                """.formatted(freePort(), broker.port, folder.resolve("log")));
        String[] format = {"format", "-t", Uuid.randomUuid().toString(), "-c", broker.properties().toString()};
        if (StorageTool.execute(format, System.err) != 0) throw new IOException("the storage was not formatted");
        broker.restart();
        return broker;
    }

    /** Below those that systems give to clients, one of which would sit on it while the broker is down. */
    private static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                // Another, then.
            }
        }
    }

    /** Another JVM with this one's class path, which writes to a file. */
    static Process java(Path output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m",
                        "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
    }

    private Path properties() {
        return folder.resolve("server.properties");
    }

    String address() {
        return "localhost:" + port;
    }

    Admin admin() {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, address()));
    }

    /** Starts it on what its storage holds, and returns when it answers. */
    void restart() throws IOException {
        process = java(folder.resolve("broker.out"), "kafka.Kafka", properties().toString());
        while (!answers()) {
            if (!process.isAlive()) throw new IOException("the broker has ended: see " + folder);
        }
    }

    /** Starts it again if it has ended by itself. */
    void revive() throws IOException {
        if (process.isAlive()) return;
        System.err.println("the broker has ended by itself: exit code " + process.exitValue());
        restart();
    }

    private boolean answers() throws IOException {
        try (Admin admin = admin()) {
            admin.describeCluster().nodes().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RetriableException) return false;
            throw new IOException(e);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Ends the process as kill −9 does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void create(int partitions, String... topics) throws ExecutionException, InterruptedException {
        try (Admin admin = admin()) {
            admin.createTopics(
                    List.of(topics).stream().map(topic -> new NewTopic(topic, partitions, (short) 1)).toList())
                    .all()
                    .get();
            while (!knows(admin, partitions, List.of(topics))) Thread.sleep(20);
        }
    }

    /** Whether clients are told of all partitions; Kafka Streams ends a thread whose topic is not known. */
    private static boolean knows(Admin admin, int partitions, List<String> topics) throws InterruptedException {
        try {
            return admin.describeTopics(topics)
                    .allTopicNames()
                    .get()
                    .values()
                    .stream()
                    .allMatch(topic -> topic.partitions().size() == partitions
                            && topic.partitions().stream().allMatch(partition -> partition.leader() != null));
        } catch (ExecutionException notYet) {
            return false;
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
