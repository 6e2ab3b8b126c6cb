@echo off
rem Runs Maven as mvnw does, with what Windows has since 2018: curl, tar and certutil.
setlocal

for /f "usebackq eol=# tokens=1,* delims==" %%k in ("%~dp0.mvn\maven.properties") do set "%%k=%%l"

set "installed="
for /f "tokens=3" %%v in ('mvn --version 2^>nul ^| findstr /b /c:"Apache Maven"') do set "installed=%%v"
call :rank "%installed%" have
call :rank "%minimum%" least
if %have% geq %least% (
  set "maven=mvn"
  goto run
)

set "home=%USERPROFILE%\.m2\distributions\apache-maven-%version%"
set "maven=%home%\bin\mvn.cmd"
if exist "%maven%" goto run

rem Unpacks beside the target and moves it there in one step: a half-done installation is never seen.
if defined MAVEN_DISTRIBUTION_URL set "url=%MAVEN_DISTRIBUTION_URL%"
set "temporary=%home%.%RANDOM%%RANDOM%"
mkdir "%temporary%" || exit /b 1
echo mvnw: fetching %url% 1>&2
curl --fail --silent --show-error --location --retry 3 --output "%temporary%\maven.tar.gz" "%url%"
if errorlevel 1 (
  set "problem=cannot fetch %url%: install Maven %minimum% or newer, or set MAVEN_DISTRIBUTION_URL to a copy of that file"
  goto failed
)
set "actual="
for /f "skip=1 delims=" %%h in ('certutil -hashfile "%temporary%\maven.tar.gz" SHA512') do if not defined actual set "actual=%%h"
set "actual=%actual: =%"
if /i not "%actual%"=="%sha512%" (
  set "problem=%url% has the SHA-512 %actual%, not %sha512% of .mvn\maven.properties: it is not used"
  goto failed
)
tar -xzf "%temporary%\maven.tar.gz" -C "%temporary%"
if errorlevel 1 (
  set "problem=%url% cannot be unpacked"
  goto failed
)
if not exist "%home%" move "%temporary%\apache-maven-%version%" "%home%" >nul
rmdir /s /q "%temporary%"

:run
"%maven%" %*
exit /b

:failed
echo mvnw: %problem% 1>&2
rmdir /s /q "%temporary%"
exit /b 1

:rank
rem rank VERSION NAME: sets NAME to a number that is larger for a later version, 0 for none
set "%2=0"
for /f "tokens=1-3 delims=.-" %%a in (%1) do set /a "%2=%%a * 1000000 + %%b * 1000 + %%c" 2>nul
exit /b 0
