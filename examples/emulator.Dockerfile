# The emulator as a container, for docker compose and CI services:
#
#   docker build --file examples/emulator.Dockerfile --tag atoa-emulator .
#   docker run --publish 127.0.0.1:4010:4010 --env CONTROL_TOKEN=choose-one atoa-emulator
#
# The API answers at http://localhost:4010, and to other containers as http://atoa:4010. They reach /__emulator and the page at / with
# CONTROL_TOKEN, as a bearer token or as the password of a Basic login. Flags of `atoa emulator start` may follow the name of the image.
FROM node:24-slim
ARG ATOA_CLI_VERSION=0.1.1
RUN npm install --global "@atoapayments/atoa-cli@${ATOA_CLI_VERSION}" && npm cache clean --force
USER node
WORKDIR /home/node
EXPOSE 4010
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["node", "-e", "fetch('http://127.0.0.1:4010/__emulator').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["/bin/sh", "-c", "umask 077 && printf %s \"${CONTROL_TOKEN:?set CONTROL_TOKEN}\" > \"$HOME/.control-token\" && exec atoa emulator start --host 0.0.0.0 --allowHost atoa --controlToken \"@$HOME/.control-token\" \"$@\"", "atoa"]
