#include "cli/listing.h"

#include <CLI/CLI.hpp>

namespace Cli {

void addBlobs(CLI::App &app, Context &context)
{
    auto options = std::make_shared<ListingOptions>();
    CLI::App *command = app.add_subcommand("blobs", "list a container's blobs");
    command->add_option("PRINCIPAL", options->principal)->required();
    command->add_option("--account", options->account, "the account's blob endpoint, or its name")->required();
    command->add_option("--container", options->container)->required()->check(containerName());
    command->add_option("--prefix", options->prefix, "only names that begin with it");
    command->add_option("--delimiter", options->delimiter, "list folders by it, usually /");
    command->add_option("--limit", options->limit, "stop after that many rows")->check(CLI::Range(qint64(1), qint64(1) << 40));
    addJson(*command, context);
    command->callback([options, &context] {
        context.run = [options, &context] { runListing(*options, context); };
    });
}

} // namespace Cli
