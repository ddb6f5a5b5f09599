"""The pages of docs/: what Odoo serves is made from them, and their links and the settings' lead somewhere."""

import importlib.util
import re
from pathlib import Path

from odoo.modules import Manifest
from odoo.tests import BaseCase, tagged

ROOT = Path(__file__).parents[1]


def render_all():
    renderer = ROOT / "script" / "docs_render.py"
    spec = importlib.util.spec_from_file_location("docs_render", renderer)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return dict(module.render_all(ROOT))


@tagged("post_install", "-at_install")
class TestDocs(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pages = render_all()

    def test_pages_are_current(self):
        for path, text in self.pages.items():
            with self.subTest(page=path.name):
                self.assertTrue(path.exists() and path.read_text() == text, "run script/docs and commit what it makes")

    def test_links_lead_somewhere(self):
        anchors = {path.name: set(re.findall(r'id="([^"]+)"', text)) for path, text in self.pages.items()}
        for path, text in self.pages.items():
            for page, anchor in re.findall(r'href="([\w-]+\.html)?#?([\w-]+)?"', text):
                with self.subTest(page=path.name, link=f"{page}#{anchor}"):
                    self.assertIn(page or path.name, anchors)
                    self.assertTrue(not anchor or anchor in anchors[page or path.name])
            for picture in re.findall(r'src="\.\./([^"]+)"', text):
                with self.subTest(page=path.name, picture=picture):
                    self.assertTrue((ROOT / "static" / picture).exists())

    def test_settings_lead_somewhere(self):
        view = (ROOT / "views" / "res_config_settings_views.xml").read_text()
        settings = re.findall(r'<setting id="(\w+)".*?</setting>', view, re.DOTALL)
        links = re.findall(r"/account_reconciliation/static/docs/([\w-]+\.html)#([\w-]+)", view)
        self.assertEqual(len(links), len(settings), "each setting has one")
        texts = {path.name: text for path, text in self.pages.items()}
        for page, anchor in links:
            self.assertIn(f'id="{anchor}"', texts[page])

    def test_app_page_and_pictures(self):
        """What the app page and the manifest show is there, and each picture is shown somewhere."""
        folder = ROOT / "static" / "description"
        shown = set(re.findall(r'src="([^"]+)"', (folder / "index.html").read_text()))
        shown |= {Path(image).name for image in Manifest.for_addon("account_reconciliation")["images"]}
        for name in shown:
            with self.subTest(picture=name):
                self.assertTrue((folder / name).exists())
        shown |= {Path(name).name for text in self.pages.values() for name in re.findall(r'src="([^"]+)"', text)}
        shown |= {Path(name).name for name in re.findall(r"\]\(([^)]+)\)", (ROOT / "README.md").read_text())}
        self.assertEqual({path.name for path in folder.iterdir()} - shown, {"index.html", "icon.png"})

    def test_readme(self):
        text = (ROOT / "README.md").read_text()
        self.assertNotIn("@@", text)
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            with self.subTest(link=target):
                self.assertTrue((ROOT / target).exists())
