package dev.mixwell.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** openapi.yaml as a test walks it. */
public final class Contract {
  /** Where it is, for messages. */
  public static final String FILE = "api-spec/src/main/resources/openapi.yaml";

  private static final List<String> METHODS = List.of("get", "put", "post", "delete");
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.getInstance(VersionFlag.V202012);

  /**
   * @param node the operation object
   */
  public record Operation(String method, String path, JsonNode pathItem, JsonNode node) {
    public String id() {
      return node.path("operationId").asText();
    }

    /** A regular expression of the addresses that it answers, without their queries. */
    public String pathPattern() {
      return path.replaceAll("\\{\\w+\\}", "[^/]+");
    }
  }

  private final JsonNode document;

  public Contract() throws IOException {
    try (var in = Objects.requireNonNull(Contract.class.getResourceAsStream("/openapi.yaml"))) {
      document = new YAMLMapper().readTree(in);
    }
  }

  public List<Operation> operations() {
    var all = new ArrayList<Operation>();
    for (var path : document.path("paths").properties())
      for (String method : METHODS)
        if (path.getValue().has(method))
          all.add(
              new Operation(
                  method.toUpperCase(Locale.ROOT),
                  path.getKey(),
                  path.getValue(),
                  path.getValue().path(method)));
    return all;
  }

  /** The parameters of the path and of the operation, references followed. */
  public List<JsonNode> parameters(Operation operation) {
    var all = new ArrayList<JsonNode>();
    operation.pathItem().path("parameters").forEach(p -> all.add(resolved(p)));
    operation.node().path("parameters").forEach(p -> all.add(resolved(p)));
    return all;
  }

  public Operation operation(String id) {
    for (Operation operation : operations()) if (operation.id().equals(id)) return operation;
    throw new IllegalArgumentException(FILE + " has no operation " + id);
  }

  /** The first example of a request; empty where there is none. */
  public String exampleBody(Operation operation) {
    JsonNode examples =
        operation
            .node()
            .path("requestBody")
            .path("content")
            .path("application/json")
            .path("examples");
    return examples.isEmpty() ? "" : examples.elements().next().path("value").toString();
  }

  /** The response object declared for a status; missing if there is none. */
  public JsonNode response(Operation operation, int status) {
    return resolved(operation.node().path("responses").path(Integer.toString(status)));
  }

  JsonNode resolved(JsonNode node) {
    String reference = node.path("$ref").asText("");
    return reference.isEmpty() ? node : document.at(reference.substring(1));
  }

  /** What is wrong with a JSON body; empty if nothing is. */
  public List<String> violations(JsonNode schema, JsonNode body) {
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.set("components", document.path("components"));
    root.setAll((ObjectNode) schema);
    return SCHEMAS.getSchema(root).validate(body).stream().map(Object::toString).toList();
  }
}
