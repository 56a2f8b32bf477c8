import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import SiteRecording from "./recording/SiteRecording.vue";
import SiteLayout from "./SiteLayout.vue";
import "./style.css";
import "./code.css";
import "./tokens.css";
import "./figures.css";
import "./tables.css";
import "./home.css";

const theme: Theme = {
  extends: DefaultTheme,
  Layout: SiteLayout,
  enhanceApp: ({ app }) => {
    app.component("SiteRecording", SiteRecording);
  },
};
export default theme;
