package dev.mixwell.server;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.mixwell.config.ConfigReader;
import dev.mixwell.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Kubernetes manifests against the server's own configuration reader and contract. */
class ManifestsTest {
  private static final Path FOLDER = Path.of("..", "k8s");
  private static final String EXIT_OUT_OF_MEMORY = "-XX:+ExitOnOutOfMemoryError";
  private static final List<String> PROBES =
      List.of("startupProbe", "readinessProbe", "livenessProbe");

  /** Mixwell's pod and container in a manifest. */
  record Server(String file, JsonNode pod, JsonNode container) {
    @Override
    public String toString() {
      return file;
    }

    int port() {
      return container.at("/ports/0/containerPort").intValue();
    }
  }

  static Stream<Server> servers() throws IOException {
    var deployment = only("mixwell.yaml", "Deployment").at("/spec/template/spec");
    var job = only("sidecar.yaml", "Job").at("/spec/template/spec");
    return Stream.of(
        new Server("mixwell.yaml", deployment, deployment.at("/containers/0")),
        new Server("sidecar.yaml", job, job.at("/initContainers/0")));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void configurationIsAcceptedAndReachableAtThePort(Server server, @TempDir Path folder)
      throws IOException {
    ServerConfig config = config(server, folder);
    assertEquals(server.port(), config.http().port());
    assertEquals("0.0.0.0", config.http().host(), "probes come from outside the pod");
    var readOnly = new HashMap<String, Boolean>();
    for (JsonNode mount : server.container.get("volumeMounts"))
      readOnly.put(mount.get("mountPath").textValue(), mount.path("readOnly").booleanValue());
    assertEquals(true, readOnly.get(config.requiredIndex().toString()));
    assertEquals(false, readOnly.get(config.requiredData().toString()));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void probesAskForPathsOfTheContract(Server server) throws IOException {
    JsonNode paths;
    try (var contract = ManifestsTest.class.getResourceAsStream("/openapi.yaml")) {
      paths = new YAMLMapper().readTree(contract).get("paths");
    }
    assertFalse(server.container.at("/startupProbe").isMissingNode());
    for (String probe : PROBES) {
      JsonNode get = server.container.path(probe).path("httpGet");
      if (get.isMissingNode()) continue;
      assertEquals(server.container.at("/ports/0/name"), get.get("port"));
      String path = get.get("path").textValue();
      assertTrue(paths.path(path).has("get"), probe + ": " + path);
    }
  }

  @ParameterizedTest
  @MethodSource("servers")
  void serverHasNoRightsThatItDoesNotNeed(Server server) {
    assertTrue(server.pod.at("/securityContext/runAsNonRoot").booleanValue());
    assertTrue(server.container.at("/securityContext/readOnlyRootFilesystem").booleanValue());
    assertFalse(server.container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true));
    assertEquals("ALL", server.container.at("/securityContext/capabilities/drop/0").textValue());
    assertFalse(server.pod.get("automountServiceAccountToken").asBoolean(true));
    assertTrue(server.container.at("/resources/limits").has("memory"));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void everyVolumeIsDeclaredAndEveryClaimExists(Server server) throws IOException {
    var volumes = names(server.pod.get("volumes"), "/name");
    assertEquals(volumes, names(server.container.get("volumeMounts"), "/name"));
    var claims =
        read("mixwell.yaml").stream()
            .filter(document -> isKind(document, "PersistentVolumeClaim"))
            .map(document -> document.at("/metadata/name").textValue())
            .collect(toSet());
    var claimed = names(server.pod.get("volumes"), "/persistentVolumeClaim/claimName");
    assertEquals(claims, claimed);
  }

  @Test
  void oneServerOwnsTheDataAndTheServiceFindsIt() throws IOException {
    var deployment = only("mixwell.yaml", "Deployment");
    var service = only("mixwell.yaml", "Service");
    var labels = deployment.at("/spec/template/metadata/labels");
    assertEquals(labels, deployment.at("/spec/selector/matchLabels"));
    assertEquals(labels, service.at("/spec/selector"));
    assertEquals(
        deployment.at("/spec/template/spec/containers/0/ports/0/name"),
        service.at("/spec/ports/0/targetPort"));
    assertEquals(1, deployment.at("/spec/replicas").intValue());
    assertEquals("Recreate", deployment.at("/spec/strategy/type").textValue());
  }

  @ParameterizedTest
  @MethodSource("servers")
  void serverEndsWhenItIsOutOfMemoryAndIsStartedAgain(Server server) throws IOException {
    String options = "";
    for (JsonNode variable : server.container.get("env"))
      if (variable.get("name").textValue().equals("JDK_JAVA_OPTIONS"))
        options = variable.get("value").textValue();
    assertTrue(options.contains(EXIT_OUT_OF_MEMORY), options);
    String policy = // a pod's own default, and that of a Deployment's, is Always
        server
            .container
            .path("restartPolicy")
            .asText(server.pod.path("restartPolicy").asText("Always"));
    assertEquals("Always", policy);
  }

  @Test
  void everyWayToStartTheServerEndsItWhenItIsOutOfMemory() throws IOException {
    for (Path start : List.of(FOLDER.resolve("Containerfile"), Path.of("..", "mixwell")))
      assertTrue(
          Files.readString(start).contains(EXIT_OUT_OF_MEMORY), start + ": " + EXIT_OUT_OF_MEMORY);
  }

  @Test
  void imageStartsTheServer() throws IOException {
    String containerfile = Files.readString(FOLDER.resolve("Containerfile"));
    assertTrue(containerfile.contains('"' + ServerProgram.class.getName() + '"'));
    assertTrue(containerfile.contains("CMD [\"serve\"]"), "arguments in place of it are a command");
  }

  /** As the server would read it in the pod: the file named by the arguments, then variables. */
  private static ServerConfig config(Server server, Path folder) throws IOException {
    var environment = new HashMap<String, String>();
    for (JsonNode variable : server.container.get("env"))
      environment.put(variable.get("name").textValue(), variable.get("value").textValue());
    if (!server.container.has("args")) return ConfigReader.read(null, environment, Map.of());
    assertEquals("serve", server.container.at("/args/0").textValue(), "in place of CMD");
    assertEquals("--config", server.container.at("/args/1").textValue());
    Path file = Path.of(server.container.at("/args/2").textValue());
    assertTrue(mountPaths(server).contains(file.getParent().toString()));
    var map = only("mixwell.yaml", "ConfigMap").get("data");
    String text = map.get(file.getFileName().toString()).textValue();
    return ConfigReader.read(
        Files.writeString(folder.resolve("config.yaml"), text), environment, Map.of());
  }

  private static Set<String> mountPaths(Server server) {
    return names(server.container.get("volumeMounts"), "/mountPath");
  }

  private static Set<String> names(JsonNode array, String pointer) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(item -> item.at(pointer))
        .filter(JsonNode::isTextual)
        .map(JsonNode::textValue)
        .collect(toSet());
  }

  private static JsonNode only(String file, String kind) throws IOException {
    var found = read(file).stream().filter(document -> isKind(document, kind)).toList();
    assertEquals(1, found.size(), kind + " in " + file);
    return found.getFirst();
  }

  private static boolean isKind(JsonNode document, String kind) {
    return kind.equals(document.path("kind").textValue());
  }

  private static List<JsonNode> read(String file) throws IOException {
    var mapper = new YAMLMapper();
    try (MappingIterator<JsonNode> documents =
        mapper.readerFor(JsonNode.class).readValues(FOLDER.resolve(file).toFile())) {
      return documents.readAll();
    }
  }
}
