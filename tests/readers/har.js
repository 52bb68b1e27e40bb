// Validates a HAR against its published schema.
"use strict";
const fs = require("node:fs");
const validate = require("har-validator");

const har = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
validate.har(har).then(
    () => console.log(`har-validator: ${har.log.entries.length} entries`),
    (error) => {
        console.error(JSON.stringify(error.errors?.slice(0, 5) ?? String(error), null, 2));
        process.exit(1);
    },
);
