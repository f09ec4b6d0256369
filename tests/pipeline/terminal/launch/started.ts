/** Notes how it was started; as a command it asks for the engine, if it may. */
const [name = "engine"] = Deno.args, makesEngine = Deno.env.get("AUTOMLP_MAKES_ENGINE");
Deno.writeTextFileSync(Deno.env.get("AUTOMLP_TEST_LOG")!, `${name} ${makesEngine}\n`, { append: true });
if (name === "command") Deno.exit(makesEngine === "yes" ? 75 : 3);
