#include <fmt/format.h>

#include <memory>

#include "base/log.hpp"
#include "cli/command.hpp"
#include "cli/listen_address.hpp"
#include "net/http.hpp"
#include "web/site.hpp"

namespace skerry::cli {
namespace {

struct Wanted {
  std::string listen = "127.0.0.1:8080";
  std::string base_url;
};

int serve(Registry& registry, const Wanted& wanted, Output& output) {
  const auto address = parse_listen_address(wanted.listen);
  if (!address) return output.error(address.error());
  web::SiteOptions options;
  options.name = registry.configuration.name;
  options.demonstration = registry.configuration.demonstration;
  options.floor = static_cast<int>(registry.configuration.floor);
  options.base_url = wanted.base_url;
  const web::SiteParts parts{*registry.ledger, *registry.gate, registry.pack, registry.vocabulary, registry.directory};
  auto site = web::Site::create(parts, options);
  if (!site) return output.error(site.error());
  net::ServerOptions server_options;
  server_options.host = address->host;
  server_options.port = address->port;
  server_options.fast = [&](const net::Request& request) { return (*site)->fast(request); };
  auto server = net::Server::start(server_options, [&](const net::Request& request) { return (*site)->handle(request); });
  if (!server) return output.error(server.error());
  const auto url = address->url((*server)->port());
  output.line("listening on " + url);
  if (registry.configuration.demonstration) output.line("Synthetic demonstration data. Stop with Ctrl-C.");
  output.finish({{"address", url}, {"demonstration", registry.configuration.demonstration}});
  (*server)->run_until_signal();
  output.note("stopped");
  return 0;
}

}  // namespace

void add_serve_command(CLI::App& app, Invocation& invocation) {
  auto* command = app.add_subcommand("serve", "Serve the registry's pages until Ctrl-C");
  auto wanted = std::make_shared<Wanted>();
  command->add_option("--listen", wanted->listen, "HOST:PORT; port 0 takes a free one")->capture_default_str();
  command->add_option("--base-url", wanted->base_url, "The address people see, such as https://registry.example.org");
  command->callback([&invocation, wanted] {
    invocation.action = [&invocation, wanted](Output& output) {
      return with_registry(invocation, output, [&](Registry& registry) { return serve(registry, *wanted, output); });
    };
  });
}

}  // namespace skerry::cli
