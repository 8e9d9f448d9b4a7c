// What every driver says: a line in is a command, a line out is its answer in JSON. The end of the input ends it.
const readline = require('node:readline');

exports.serve = commands => {
  const input = readline.createInterface({ input: process.stdin });
  let last = Promise.resolve();
  input.on('line', line => {
    last = last.then(async () => {
      try {
        const answer = await commands[line]();
        console.log(JSON.stringify(answer ?? {}));
      } catch (error) {
        console.log(JSON.stringify({ error: String(error?.stack ?? error) }));
      }
    });
  });
  input.on('close', () => process.exit(0));
};

exports.until = async (condition, what) => {
  const patience = Date.now() + 60000;
  while (!(await condition())) {
    if (Date.now() > patience) throw new Error(`waited in vain until ${what}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
};
