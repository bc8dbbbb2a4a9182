// What VS Code's debuggers make of environment files, by the grammars that their sources describe: dotenv itself (JavaScript), one line with
// loose quotes (C/C++, C#, JavaScript before dotenv), one line with ${NAME} (Python). Reads a JSON list of paths; prints, for each file, its
// variables where all three agree, else null. Written to hold our C++ readers against JavaScript's own regular expressions and white space.
'use strict';
const fs = require('fs');
const dotenv = require('dotenv');

function lines(text) {
    const env = {};
    for (const line of text.replace(/^\uFEFF/, '').split('\n')) {
        const found = /^\s*(?<name>[\w.-]+)\s*=\s*(?<rest>.*)\s*$/.exec(line);
        if (!found)
            continue;
        let value = found.groups.rest;
        if (/^"/.test(value) && value.endsWith('"'))
            value = value.split('\\n').join('\n');
        if (value[0] === '"' || value[0] === "'")
            value = value.slice(1);
        if (value.endsWith('"') || value.endsWith("'"))
            value = value.slice(0, -1);
        env[found.groups.name] = value;
    }
    return env;
}

function python(text) {
    const env = {};
    for (const line of text.split('\n')) {
        const found = /^\s*(?<name>[A-Za-z]\w*)\s*=\s*(?<rest>.*?)\s*$/.exec(line);
        if (!found)
            continue;
        let value = found.groups.rest;
        const first = value[0];
        if (value.length > 1 && (first === '"' || first === "'") && value.endsWith(first))
            value = value.slice(1, -1).split('\\n').join('\n');
        value = value.replace(/(?<!\\)\$\{([A-Za-z]\w*)\}/g, (all, name) => env[name] || '');
        env[found.groups.name] = value.split('\\$').join('$');
    }
    return env;
}

function agreed(path) {
    const text = fs.readFileSync(path, 'utf8');
    const readings = [dotenv.parse(text), lines(text), python(text)].map(
        env => JSON.stringify(Object.keys(env).sort().map(name => [name, env[name]])));
    if (readings.some(one => one !== readings[0]))
        return null;
    const b = s => Buffer.from(s, 'utf8').toString('base64');
    return JSON.stringify(Object.fromEntries(JSON.parse(readings[0]).map(([name, value]) => [b(name), b(value)])));
}

process.stdout.write(JSON.stringify(JSON.parse(fs.readFileSync(0, 'utf8')).map(agreed)));
