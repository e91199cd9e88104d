# The emulator as a container, for docker compose and CI services:
#
#   docker build --file examples/emulator.Dockerfile --tag atoa-emulator .
#   docker run --publish 127.0.0.1:4010:4010 --env CONTROL_TOKEN=choose-one atoa-emulator
#
# The API answers at http://localhost:4010, and to other containers as http://atoa:4010. They reach /__emulator and the page at / with
# CONTROL_TOKEN, as a bearer token or as the password of a Basic login.
FROM node:24-slim
RUN npm install --global @atoapayments/atoa-cli && npm cache clean --force
USER node
WORKDIR /home/node
EXPOSE 4010
ENTRYPOINT ["/bin/sh", "-c", "umask 077 && printf %s \"${CONTROL_TOKEN:?set CONTROL_TOKEN}\" > /tmp/control-token && exec atoa emulator start --host 0.0.0.0 --allowHost atoa --controlToken @/tmp/control-token \"$@\"", "atoa"]
