package org.ttm4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.ttm4j.serve.settings.Settings;

class StopTest {
    @Test
    void aServiceThatIsStoppedBeforeItIsWarmLoadsNoMore() throws Exception {
        Service service = new Service(Settings.defaults());
        service.close();
        IOException stopped = assertThrows(IOException.class,
                () -> assertTimeoutPreemptively(Duration.ofMinutes(1), service.server::awaitReady));
        assertEquals("the service is stopping", stopped.getMessage());
        assertEquals("", service.log.toString(StandardCharsets.UTF_8));
    }

    /** Whoever keeps connections, as a proxy does, would send the next request into the end of one. */
    @Test
    void answersDuringAStopAreTheLastOfTheirConnections() throws Exception {
        try (Service service = new Service(Settings.defaults())) {
            service.server.awaitReady();
            String body = "{\"series\":[{\"values\":[1,2,3,4,5,6,7,8]}],\"mode\":\"fast\"}";
            try (Socket open = new Socket("127.0.0.1", service.server.port())) {
                OutputStream out = open.getOutputStream();
                out.write(("POST /v1/forecast HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + body.length() + "\r\n\r\n" + body.substring(0, 20))
                        .getBytes(StandardCharsets.US_ASCII));
                while (!service.get("/metrics").body().contains("ttm4j_http_open 2.0")) Thread.sleep(1);
                Thread stop = Thread.ofPlatform().start(service.server::close);
                HttpResponse<String> refused = service.get("/health/ready");
                while (refused.statusCode() == 204) refused = service.get("/health/ready");
                assertEquals("close", refused.headers().firstValue("Connection").orElse(""));
                out.write(body.substring(20).getBytes(StandardCharsets.US_ASCII));
                String answer = new String(open.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertTrue(answer.startsWith("HTTP/1.1 200 ") && answer.contains("Connection: close\r\n"), answer);
                stop.join();
            }
        }
    }
}
