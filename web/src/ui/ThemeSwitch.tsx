/** Switches between light and dark. */
import { Moon, Sun } from "lucide-react";
import { setTheme, useTheme } from "../shared/theme";
import { IconButton } from "./Button";

export function ThemeSwitch() {
  const dark = useTheme() === "dark";
  return (
    <IconButton
      label={dark ? "Use the light theme" : "Use the dark theme"}
      onClick={() => setTheme(dark ? "light" : "dark")}
    >
      {dark ? <Sun /> : <Moon />}
    </IconButton>
  );
}
