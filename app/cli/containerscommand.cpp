#include "cli/listing.h"

namespace Cli {

void addContainers(CLI::App &app, Context &context)
{
    auto options = std::make_shared<ListingOptions>();
    CLI::App *command = app.add_subcommand("containers", "list an account's containers");
    command->add_option("PRINCIPAL", options->principal)->required();
    command->add_option("--account", options->account, "the account's blob endpoint, or its name")->required();
    addJson(*command, context);
    command->callback([options, &context] { context.run = [options, &context] { runListing(*options, context); }; });
}

} // namespace Cli
