// Checks screens for accessibility with axe-core in headless Chromium. Called by script/check accessibility.
//   node axe.js http://127.0.0.1:8069 LOGIN PASSWORD PATH...      PATH#open: what the first row of that list opens
// Prints each serious or critical finding with where it is, and each error of the browser; exit 1 where there is one.
const { chromium } = require('playwright-core');
const axe = require('axe-core');
const { execSync } = require('child_process');
const [base, login, password, ...paths] = process.argv.slice(2);
// What Odoo's web client draws around every view; it is the same without the addon.
const ODOOS_OWN = ['.o_main_navbar', '.o_control_panel', '.o_search_panel', '.o_list_table > thead', '.o_list_record_selector',
    '.o-checkbox', '.o-mail-Avatar', '.o-mail-Chatter', '.o-mail-ChatterContainer', '.o_select_menu'];
(async () => {
    const executablePath = execSync('command -v chromium || command -v google-chrome', { encoding: 'utf8' }).trim();
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--no-first-run',
        '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
    const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    await page.goto(base + '/web/login');
    await page.fill('input[name=login]', login);
    await page.fill('input[name=password]', password);
    await page.click('button[type=submit]');
    await page.waitForSelector('.o_main_navbar', { timeout: 90000 });
    let findings = 0;
    let path;
    const complain = (text) => {
        findings += 1;
        console.log(`${path}: ERROR ${text.slice(0, 400)}`);
    };
    page.on('pageerror', (error) => complain(String(error)));
    page.on('console', (message) => message.type() === 'error' && complain(message.text()));
    for (path of paths) {
        const [list, isOpened] = path.split('#');
        await page.goto(base + list);
        await page.waitForSelector('.o_action_manager > *', { timeout: 60000 });
        // The bus keeps the network busy for ever.
        await page.waitForTimeout(3000);
        if (isOpened) {
            const row = page.locator('.o_data_row .o_data_cell.cursor-pointer').first();
            if (!(await row.count())) {
                console.log(`${path}: NOT CHECKED, the list has no row to open`);
                continue;
            }
            await row.click({ timeout: 10000 });
            await page.waitForTimeout(3000);
        }
        await page.evaluate(axe.source);
        const { violations } = await page.evaluate(
            (exclude) => window.axe.run({ include: [['.o_action_manager']], exclude: exclude.map((one) => [one]) }),
            ODOOS_OWN
        );
        const serious = violations.filter((one) => ['serious', 'critical'].includes(one.impact));
        findings += serious.length;
        console.log(`${path}: ${serious.length ? '' : 'no serious finding'}`);
        for (const one of serious) {
            console.log(`  ${one.impact} ${one.id}: ${one.help}`);
            for (const node of one.nodes.slice(0, 5)) console.log(`    ${node.target.join(' ')}\n      ${node.html.slice(0, 160)}`);
        }
    }
    await browser.close();
    process.exit(findings ? 1 : 0);
})().catch((error) => { console.error(String(error)); process.exit(2); });
