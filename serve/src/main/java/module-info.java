/** The REST service. Prints nothing; the program {@code ttm serve} starts it. */
module org.ttm4j.serve {
    requires transitive org.ttm4j.eval;
    requires java.net.http;
    requires java.sql;
    requires com.h2database.mvstore;
    requires io.helidon.webserver;
    requires com.fasterxml.jackson.core;
    requires io.helidon.common.buffers;
    requires io.helidon.common.mapper;
    requires io.helidon.common.socket;
    requires io.helidon.common.task;
    requires io.helidon.common.tls;
    requires io.helidon.http;
    requires io.helidon.http.encoding;
    requires io.helidon.service.registry;
    requires micrometer.core;
    requires micrometer.registry.prometheus;

    exports org.ttm4j.serve;
    exports org.ttm4j.serve.settings;
}
